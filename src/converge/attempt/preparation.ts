import { toFailure } from '../../failure/failure.ts';
import { retired } from '../inventory/known.ts';
import { modeOf } from '../mode.ts';
import type { Course, Ready } from './course.ts';
import { again, type Ending, final, waiting } from './ending.ts';
import { Memory } from './memory.ts';

/** Reads what the revision declares of the unit, and what is known of it from earlier syncs. */
export async function prepare({ parts, recorder, signal }: Course): Promise<Ready | Ending> {
  const { unit: name, revision, reason } = recorder.sync.spec;
  await recorder.put({ phase: 'Planning', message: null });
  try {
    const declaration = await parts.declarationAt(revision, signal);
    const memory = await Memory.load(name, parts.inventories);
    const declared = declaration.units.find(({ definition }) => definition.name === name);
    const unit = declared ?? (memory.inventory === undefined ? undefined : retired(name));
    if (unit === undefined) return final('Failed', `HF1604 ${revision.slice(0, 7)} declares no unit ${name}`);
    if (reason !== 'request' && modeOf(name, declaration) === 'alert-only')
      return final('Refused', 'HF1501 the unit is alert-only: it is converged only when somebody asks');
    const driver = parts.driverOf(unit.definition.driver);
    if (driver === undefined)
      return final('Failed', `HF1108 there is no driver ${unit.definition.driver} here`);
    return { unit, declaration, driver, memory };
  } catch (error) {
    const failure = toFailure(error, 'HF1002');
    const passing = /^HF1(2|3)/.test(failure.code);
    return passing ? again(waiting(failure), true) : final('Failed', failure.line);
  }
}

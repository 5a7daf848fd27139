import type { Schemas } from '../../../cluster/openapi.ts';
import type { Declaration } from '../../../declared/declaration.ts';
import type { Comparison } from '../../../findings/finding.ts';
import type { Observation } from '../../driver.ts';
import { Emitter } from '../observe/emitter.ts';
import { type BeyondOptions, BeyondWatch } from './watch.ts';
import { isBlind, wholeComparison } from './whole.ts';

export interface WholeOptions extends Omit<BeyondOptions, 'onChange'> {
  schemas: Schemas;
  /** How long changes beside the declaration gather before they are told, in milliseconds. */
  gatherMs?: number;
}

/**
 * Observes what is declared (by `observeDeclared`) together with what lives beside it. A change of what is declared is told at
 * once; what lives beside it is gathered for a moment.
 */
export function observeWhole(
  [unit, declaration]: Parameters<Observation['declare']>,
  listener: (comparison: Comparison) => void,
  observeDeclared: (listener: (comparison: Comparison) => void) => Observation,
  options: WholeOptions,
): Observation {
  let compared: Comparison | undefined;
  let current: Declaration = declaration;
  let told: string | undefined;
  const tellNow = () => {
    if (compared === undefined || !(beyond.arranged || isBlind(compared))) return;
    const whole = wholeComparison(compared, current, beyond.now(), options.now());
    const { elapsedMs: _elapsed, ...story } = whole;
    const text = JSON.stringify(story);
    if (text === told) return;
    told = text;
    listener(whole);
  };
  const emitter = new Emitter(tellNow, options.gatherMs ?? 250);
  const beyond = new BeyondWatch(unit, declaration, { ...options, onChange: () => emitter.ask() });
  const stopListening = options.schemas.onChange(() => beyond.kindsChanged());
  const observation = observeDeclared(comparison => {
    compared = comparison;
    tellNow();
  });
  return {
    declare(nextUnit, nextDeclaration) {
      // what was compared is another declaration's
      compared = undefined;
      told = undefined;
      current = nextDeclaration;
      beyond.declare(nextUnit, nextDeclaration);
      observation.declare(nextUnit, nextDeclaration);
    },
    async close() {
      emitter.close();
      stopListening();
      beyond.close();
      await observation.close();
    },
  };
}

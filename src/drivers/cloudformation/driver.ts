import { changeSetsOf } from '../../aws/change-sets.ts';
import { objectsAt } from '../../aws/objects.ts';
import { AwsPlaces } from '../../aws/place.ts';
import { Limit } from '../../concurrency/limit.ts';
import type { Driver } from '../driver.ts';
import { Turns } from '../programs.ts';
import { observeScheduled } from '../schedule/observe.ts';
import { type CompareOptions, compareStack } from './compare/compare.ts';
import { type Patience, patience } from './compare/detection.ts';
import { applyStack } from './converge/apply.ts';
import { type ConvergeDeps, planStack } from './converge/plan.ts';
import { ResourceTypes } from './live/types.ts';

export interface CloudFormationDriverOptions {
  environment?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970; the system's clock unless told. */
  now?: () => number;
  patience?: Patience;
}

/** Live models of one stack that are read at the same time, and stacks that are compared at the same time. */
const modelsInFlight = 8;
const stacksAtOnce = 4;
/** Detection costs the account requests that others need too. */
const hourly = '0 * * * *';

/** The driver of CloudFormation stacks. All its units share clients, what is known of types, and one pool. */
export function cloudFormationDriver(options: CloudFormationDriverOptions = {}): Driver {
  const environment = options.environment ?? process.env;
  const places = new AwsPlaces();
  const types = new Map<string, ResourceTypes>();
  const pool = new Limit(stacksAtOnce);
  const comparing: CompareOptions = {
    environment,
    now: options.now ?? Date.now,
    ports: async ({ region, settings }) => {
      const { stacks, models, trail } = await places.at({ region, role: settings.role });
      const known = types.get(region) ?? new ResourceTypes(stacks);
      types.set(region, known);
      return {
        stacks,
        models,
        trail,
        types: known,
        patience: options.patience ?? patience,
        inFlight: modelsInFlight,
      };
    },
  };
  const turns = new Turns();
  const atOnce: Driver['compare'] = (unit, declaration, signal) =>
    compareStack(comparing, unit, declaration, signal);
  // while we change a stack ourselves it cannot be compared, and nobody needs to be told
  const compare: Driver['compare'] = (unit, declaration, signal) =>
    turns.run(unit, () => atOnce(unit, declaration, signal));
  const timing = options.patience ?? patience;
  const converging: ConvergeDeps = {
    compare: atOnce,
    environment,
    waiting: timing,
    ports: async ({ region, settings }) => {
      const { stacks, clients } = await places.at({ region, role: settings.applyRole ?? settings.role });
      return { stacks, sets: await changeSetsOf(clients.cloudFormation) };
    },
    objects: ({ region, settings }) => objectsAt({ region, role: settings.applyRole ?? settings.role }),
  };
  return {
    name: 'cloudformation',
    compare,
    observe: (unit, declaration, listener) =>
      observeScheduled(unit, declaration, listener, { compare, schedule: hourly, pool }),
    plan: (unit, declaration, signal) => planStack(converging, unit, declaration, signal),
    apply: (unit, declaration, plan, applying) =>
      turns.run(unit, () => applyStack(converging, unit, declaration, plan, applying)),
  };
}

import type { DeclaredObject } from '../../../../src/declared/declaration.ts';
import { defaultSettings } from '../../../../src/declared/settings.ts';
import type { Driver } from '../../../../src/drivers/driver.ts';
import { kubernetesDriver } from '../../../../src/drivers/kubernetes/driver.ts';
import { type Finding, resourceKey } from '../../../../src/findings/finding.ts';
import { waitUntil } from '../../../real/support/wait-until.ts';
import { concerns, endedAmong } from '../support/settle.ts';
import type { Place } from '../support/world.ts';
import { type Part, unitOf } from '../support/worlds.ts';

/** The objects of a part that are as declared, under one driver that sees all changes in a row. */
export interface Bench {
  part: Part;
  /** Whether nothing is told of the object when nobody has touched it. */
  isQuiet(object: DeclaredObject): boolean;
  /** Findings that were not there at first. */
  news(): Promise<Finding[]>;
  /** Undefined once there is no news; controllers may take a moment. Else what is left. */
  untilQuiet(): Promise<Finding[] | undefined>;
  /** Leaves out an object that cannot be put back. */
  without(object: DeclaredObject): Promise<void>;
}

export async function openBench(
  place: Place,
  part: Part,
  objects: readonly DeclaredObject[],
): Promise<Bench> {
  const driver = kubernetesDriver({ connection: place.connection });
  let members = [...objects];
  let usual: Set<string>;
  const learn = async () => {
    usual = new Set((await findingsOf(driver, part, members)).map(({ resource }) => resourceKey(resource)));
  };
  await learn();
  const news = async () => {
    const found = await findingsOf(driver, part, members);
    const ended = await endedAmong(place, part, members, found);
    members = members.filter(object => !ended.has(object));
    return found.filter(({ resource }) => !usual.has(resourceKey(resource)) && !concerns(ended, resource));
  };
  return {
    part,
    isQuiet: object =>
      members.includes(object) && ![...usual].some(key => key.endsWith(`/${object.ref.name}`)),
    news,
    async untilQuiet() {
      let left: Finding[] = [];
      const quiet = async () => {
        left = await news();
        return left.length === 0;
      };
      return waitUntil('the findings to go', quiet, 10_000).then(
        () => undefined,
        () => left,
      );
    },
    async without(object) {
      members = members.filter(each => each !== object);
      await learn();
    },
  };
}

/** What a driver tells of these objects as a unit. */
export async function findingsOf(
  driver: Driver,
  part: Part,
  objects: readonly DeclaredObject[],
): Promise<Finding[]> {
  const unit = unitOf(part, objects);
  return (await driver.compare(unit, { revision: null, settings: defaultSettings, units: [unit] })).findings;
}

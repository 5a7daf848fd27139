import { randomBytes } from 'node:crypto';
import type { Cluster, Target } from '../../../cluster/cluster.ts';
import { ApiFailure } from '../../../cluster/failures.ts';
import type { JsonObject } from '../../../json/json.ts';
import { objectAt } from './json.ts';

/** What the server says to a second object beside the first, and would not if the first were gone. */
const onlyBeside = /already allocated|already exists|must match|must be spec/i;

/**
 * Why the server would not take the object as a new one, by a dry run of its creation under another name; undefined where it
 * would. So nothing is deleted that could not be created again.
 */
export async function wrongAnew(
  cluster: Cluster,
  target: Target,
  body: JsonObject,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const name = `${target.name.slice(0, 50).replace(/[^a-z0-9]+$/, '')}-${randomBytes(3).toString('hex')}`;
  const object = { ...body, metadata: { ...objectAt(body, 'metadata'), name } };
  try {
    await cluster.create({ ...target, name }, object, { dryRun: true, signal });
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiFailure) || error.code === 'HF1308') throw error;
    const beside =
      error.causes.length > 0 && error.causes.every(({ message }) => onlyBeside.test(message ?? ''));
    return beside ? undefined : `${error.code} ${error.message}`;
  }
}

import type { Connection } from '../../src/cluster/connection.ts';
import { discover } from '../../src/cluster/discovery.ts';
import { collectionPath } from '../../src/cluster/kind.ts';
import type { SchemaPack } from '../../src/validate/pack/pack.ts';
import { reduceSchemas } from '../../src/validate/pack/reduce.ts';
import { onlyEnforced } from './enforced.ts';
import { fetchSchemas } from './fetch.ts';

/** The schema pack of a real API server. Only reads and dry-runs; the same server gives the same pack. */
export async function makePack(connection: Connection): Promise<SchemaPack> {
  const server = await fetchSchemas(connection);
  const served = await discover(connection);
  const paths = new Map(
    server.kinds.flatMap(({ apiVersion, kind }) => {
      const found = served.find(apiVersion, kind);
      return found === undefined
        ? []
        : [[`${apiVersion} ${kind}`, collectionPath(found, 'default')] as const];
    }),
  );
  return onlyEnforced(reduceSchemas(server), connection, paths);
}

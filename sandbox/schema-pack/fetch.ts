import { z } from 'zod';
import type { Connection } from '../../src/cluster/connection.ts';
import { isBuiltInGroup, splitApiVersion } from '../../src/cluster/kind.ts';
import { aggregatedDiscoverySchema } from '../../src/cluster/schema.ts';
import type { ServerSchemas } from '../../src/validate/pack/reduce.ts';
import { sleepUntil } from '../processes/wait.ts';

const indexSchema = z.object({ paths: z.record(z.string(), z.object({ serverRelativeURL: z.string() })) });
const versionSchema = z.object({ major: z.string(), minor: z.string() });
const discovery = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

type Kind = ServerSchemas['kinds'][number];

/** What a server says of the built-in kinds that it serves. Custom and aggregated kinds are left out. */
export async function fetchSchemas(connection: Connection): Promise<ServerSchemas> {
  const { major, minor } = versionSchema.parse((await connection.request({ path: '/version' })).body);
  const kinds = [
    ...(await kindsBelow(connection, '/api')),
    ...(await kindsBelow(connection, '/apis')),
  ].filter(({ apiVersion }) => isBuiltInGroup(splitApiVersion(apiVersion).group));
  const paths = [...new Set(kinds.map(({ apiVersion }) => apiVersion))].map(apiVersion =>
    apiVersion.includes('/') ? `apis/${apiVersion}` : `api/${apiVersion}`,
  );
  const index = await completeIndex(connection, paths);
  const documents = await Promise.all(
    paths.map(async path => {
      const { pathname, searchParams } = new URL(index[path]?.serverRelativeURL ?? '', 'http://server');
      return (await connection.request({ path: pathname, query: Object.fromEntries(searchParams) })).body;
    }),
  );
  return { version: `${major}.${minor}`, kinds, documents };
}

/** Kinds whose objects can be made and kept: not reviews and requests, which are only asked. */
async function kindsBelow(connection: Connection, path: string): Promise<Kind[]> {
  const { items } = aggregatedDiscoverySchema.parse(
    (await connection.request({ path, accept: discovery })).body,
  );
  return items.flatMap(group =>
    (group.versions ?? []).flatMap(({ version, resources }) =>
      (resources ?? []).flatMap(({ responseKind, scope, verbs }) => {
        if (!responseKind || !verbs?.includes('create') || !verbs.includes('get')) return [];
        const name = group.metadata.name;
        const apiVersion = name === undefined || name === '' ? version : `${name}/${version}`;
        return [{ apiVersion, kind: responseKind.kind, namespaced: scope === 'Namespaced' }];
      }),
    ),
  );
}

/** A server that has just started publishes its documents one after the other. */
async function completeIndex(connection: Connection, paths: readonly string[]) {
  let index: z.output<typeof indexSchema>['paths'] = {};
  await sleepUntil(async () => {
    index = indexSchema.parse((await connection.request({ path: '/openapi/v3' })).body).paths;
    return paths.every(path => index[path] !== undefined);
  }, 30_000);
  return index;
}

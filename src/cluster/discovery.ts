import { Failure } from '../failure/failure.ts';
import type { Connection } from './connection.ts';
import { apiFailure } from './failures.ts';
import { type Kind, splitApiVersion, versionPath } from './kind.ts';
import { aggregatedDiscoverySchema, groupListSchema, resourceListSchema, versionsSchema } from './schema.ts';

/** What the server serves at one moment. */
export interface Kinds {
  /** The kind, or undefined where the server does not serve it. */
  find(apiVersion: string, kind: string): Kind | undefined;
  /** Why a group and version cannot be asked about now (an aggregated API server that is down); undefined where it can. */
  unavailable(apiVersion: string): string | undefined;
  /** Other versions in which the server serves the kind, for messages. */
  otherVersions(apiVersion: string, kind: string): string[];
  /** All kinds, those of each group in the server's order of preference. */
  readonly served: readonly Kind[];
  /** Groups and versions that cannot be asked about now, with the reason. */
  readonly down: ReadonlyMap<string, string>;
}

interface Found {
  kinds: Kind[];
  unavailable: Map<string, string>;
}

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/**
 * Asks the server what it serves: two requests where it knows aggregated discovery (1.26 and later), else one per group and
 * version. A group that cannot be asked spoils only itself. Throws HF13xx when the server does not answer at all.
 */
export async function discover(connection: Connection, signal?: AbortSignal): Promise<Kinds> {
  const [core, groups] = await Promise.all([
    discoverRoot(connection, '/api', signal),
    discoverRoot(connection, '/apis', signal),
  ]);
  return table([...core.kinds, ...groups.kinds], new Map([...core.unavailable, ...groups.unavailable]));
}

/** The table over a list of kinds; exported for tests and for fakes. */
export function table(kinds: readonly Kind[], unavailable: ReadonlyMap<string, string> = new Map()): Kinds {
  const byKey = new Map(kinds.map(kind => [`${kind.apiVersion} ${kind.kind}`, kind]));
  return {
    served: kinds,
    down: unavailable,
    find: (apiVersion, kind) => byKey.get(`${apiVersion} ${kind}`),
    unavailable: apiVersion => unavailable.get(apiVersion),
    otherVersions: (apiVersion, kind) => {
      const { group } = splitApiVersion(apiVersion);
      return kinds
        .filter(other => other.kind === kind && other.group === group && other.apiVersion !== apiVersion)
        .map(other => other.apiVersion);
    },
  };
}

async function discoverRoot(
  connection: Connection,
  path: '/api' | '/apis',
  signal?: AbortSignal,
): Promise<Found> {
  const response = await connection.request({ path, accept: `${aggregated},application/json`, signal });
  if (response.status >= 300)
    throw apiFailure(response, { verb: 'get', resource: `the discovery document ${path}` });
  const document = aggregatedDiscoverySchema.safeParse(response.body);
  if (!document.success) return discoverOneByOne(connection, listedVersions(path, response.body), signal);
  const versions = document.data.items.flatMap(group =>
    (group.versions ?? []).map(version => ({
      apiVersion: joined(group.metadata.name ?? '', version.version),
      stale: version.freshness === 'Stale',
      resources: version.resources ?? [],
    })),
  );
  const kinds = versions.flatMap(({ apiVersion, resources }) =>
    resources.flatMap(({ resource, responseKind, scope, verbs }) =>
      responseKind ? [kindOf(apiVersion, responseKind.kind, resource, scope === 'Namespaced', verbs)] : [],
    ),
  );
  const stale = versions.filter(version => version.stale).map(version => version.apiVersion);
  const asked = await discoverOneByOne(connection, stale, signal);
  return { kinds: [...kinds, ...asked.kinds], unavailable: asked.unavailable };
}

function joined(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

function kindOf(
  apiVersion: string,
  kind: string,
  plural: string,
  namespaced: boolean,
  verbs: string[] | null,
): Kind {
  return { apiVersion, kind, ...splitApiVersion(apiVersion), plural, namespaced, verbs: verbs ?? [] };
}

function listedVersions(path: '/api' | '/apis', body: unknown): string[] {
  const schema = path === '/api' ? versionsSchema : groupListSchema;
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new Failure('HF1308', `the server's answer to ${path} is no discovery document`);
  return 'versions' in parsed.data
    ? parsed.data.versions
    : parsed.data.groups.flatMap(group => group.versions.map(({ version }) => joined(group.name, version)));
}

async function discoverOneByOne(
  connection: Connection,
  apiVersions: readonly string[],
  signal?: AbortSignal,
): Promise<Found> {
  const found: Found = { kinds: [], unavailable: new Map() };
  const answers = await Promise.all(
    apiVersions.map(async apiVersion => ({
      apiVersion,
      response: await connection.request({ path: versionPath(apiVersion), signal }),
    })),
  );
  for (const { apiVersion, response } of answers) {
    const list = resourceListSchema.safeParse(response.body);
    if (response.status >= 300 || !list.success) {
      found.unavailable.set(apiVersion, `the API ${apiVersion} is not available (${response.status})`);
      continue;
    }
    for (const resource of list.data.resources) {
      if (resource.name.includes('/')) continue;
      found.kinds.push(kindOf(apiVersion, resource.kind, resource.name, resource.namespaced, resource.verbs));
    }
  }
  return found;
}

import { afterEach, describe, expect, it, vi } from 'vitest';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import type { ApiRequest, Connection } from '../../../../src/cluster/connection.ts';
import { Schemas } from '../../../../src/cluster/openapi.ts';
import type { Declaration, DeclaredUnit } from '../../../../src/declared/declaration.ts';
import { defaultSettings } from '../../../../src/declared/settings.ts';
import { Judge } from '../../../../src/drivers/kubernetes/compare/judge.ts';
import { type ObserverOptions, UnitObserver } from '../../../../src/drivers/kubernetes/observe/observer.ts';
import type { Comparison } from '../../../../src/findings/finding.ts';

const collection = '/api/v1/namespaces/shop/configmaps';
const configMap = (name: string, a: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop', resourceVersion: '1' },
  data: { a },
});

const discovery = {
  kind: 'APIGroupDiscoveryList',
  items: [
    {
      metadata: {},
      versions: [
        {
          version: 'v1',
          resources: [
            {
              resource: 'configmaps',
              responseKind: { kind: 'ConfigMap' },
              scope: 'Namespaced',
              verbs: ['get', 'list', 'watch', 'update', 'patch'],
            },
          ],
        },
      ],
    },
  ],
};

/** A server that lists what it is given, whose watch the test speaks for, and whose answers on single objects it may hold back. */
function server(names: readonly string[]) {
  const state = {
    held: new Map<string, () => void>(),
    hold: false,
    tell: (_event: object) => {},
    schema: 'one',
    lists: 0,
    live: undefined as object[] | undefined,
    dryRuns: [] as PromiseWithResolvers<void>[],
    holdDryRuns: false,
  };
  const read = async (name: string) => {
    const then =
      state.live?.find(each => (each as ReturnType<typeof configMap>).metadata.name === name) ??
      configMap(name, '1');
    if (state.hold) await new Promise<void>(resolve => state.held.set(name, resolve));
    return then;
  };
  const answer = async ({ path, method = 'GET', body }: ApiRequest): Promise<unknown> => {
    if (path === '/api') return discovery;
    if (path === '/apis') return { ...discovery, items: [] };
    if (path === '/openapi/v3')
      return { paths: { 'api/v1': { serverRelativeURL: `/openapi/v3/api/v1?hash=${state.schema}` } } };
    if (path.startsWith('/openapi/v3/')) return { components: { schemas: {} } };
    if (method !== 'GET') {
      const dryRun = Promise.withResolvers<void>();
      state.dryRuns.push(dryRun);
      if (state.holdDryRuns) await dryRun.promise;
      return body;
    }
    if (path !== collection) return read(path.slice(collection.length + 1));
    state.lists += 1;
    return {
      metadata: { resourceVersion: '1' },
      items: state.live ?? names.map(name => configMap(name, '1')),
    };
  };
  const connection = {
    request: async (request: ApiRequest) => ({ status: 200, headers: {}, body: await answer(request) }),
    lines: (request: ApiRequest, onLine: (line: string) => void, onOpen: () => void) => {
      onOpen();
      state.tell = event => onLine(JSON.stringify(event));
      return new Promise<number>(resolve => request.signal?.addEventListener('abort', () => resolve(200)));
    },
  };
  return { state, cluster: new Cluster(connection as unknown as Connection) };
}

function declares(names: readonly string[], settings = defaultSettings): [DeclaredUnit, Declaration] {
  const unit: DeclaredUnit = {
    definition: { name: 'shop', driver: 'kubernetes', path: 'manifests/shop' },
    objects: names.map(name => {
      const { resourceVersion: _, ...metadata } = configMap(name, '1').metadata;
      const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name };
      const object = { ...configMap(name, '1'), metadata };
      return { ref, object, source: { file: `${name}.yaml` }, hash: name };
    }),
    findings: [],
    notObjects: [],
    hash: names.join(),
  };
  return [unit, { revision: null, settings, units: [unit] }];
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function observed(
  declared: [DeclaredUnit, Declaration],
  options: ObserverOptions = { now: () => 0, retryMs: 60_000 },
) {
  const { state, cluster } = server(['a', 'b']);
  const told: Comparison[] = [];
  const judge = new Judge(cluster, new Schemas(cluster));
  const observer = new UnitObserver(cluster, judge, ...declared, seen => told.push(seen), options);
  closing.push(() => observer.close());
  const last = () => told.at(-1);
  return { state, told, last, observer, judge };
}

describe('a unit under watch', () => {
  it('misses no change that comes while a newly declared object is being read', async () => {
    const { state, last, observer } = observed(declares(['a']));
    await vi.waitFor(() => expect(last()).toMatchObject({ verdict: 'in-sync' }));
    state.hold = true;

    observer.declare(...declares(['a', 'b']));
    await vi.waitFor(() => expect([...state.held.keys()]).toEqual(['b']));
    state.tell({ type: 'MODIFIED', object: configMap('b', 'by hand') });
    state.held.get('b')?.();

    await vi.waitFor(() => expect(last()?.resources.declared).toBe(2));
    expect(last()?.findings).toMatchObject([{ type: 'changed', resource: { name: 'b' } }]);
  });

  it('tells the same story again under another declaration', async () => {
    const { told, observer } = observed(declares(['a']));
    await vi.waitFor(() => expect(told).toHaveLength(1));

    observer.declare(...declares(['a']));

    await vi.waitFor(() => expect(told).toHaveLength(2));
    expect(told[1]).toEqual(told[0]);
  });

  it('judges what was being judged when the schema changed again under the new one', async () => {
    const { state, last, judge } = observed(declares(['a']));
    await vi.waitFor(() => expect(last()).toMatchObject({ verdict: 'in-sync' }));
    const judged = vi.spyOn(judge, 'judge');
    state.holdDryRuns = true;
    state.tell({ type: 'MODIFIED', object: configMap('a', 'by hand') });
    await vi.waitFor(() => expect(state.dryRuns.length).toBeGreaterThan(0));
    const { lists } = state;

    state.schema = 'two';
    state.live = [configMap('a', 'by hand')];
    await judge.schemas.refresh();
    await vi.waitFor(() => expect(state.lists).toBeGreaterThan(lists));
    state.holdDryRuns = false;
    for (const { resolve } of state.dryRuns) resolve();

    const schemas = () => judged.mock.calls.map(([, , { schemaHash }]) => schemaHash.split('=')[1]);
    await vi.waitFor(() => expect(schemas()).toEqual(['one', 'two']));
    await vi.waitFor(() => expect(last()?.findings).toMatchObject([{ type: 'changed' }]));
  });

  it('tells what an ignore rule left out when the rule has run out, though nothing changed', async () => {
    const clock = { now: Date.UTC(2026, 0, 31, 23) };
    const ignore = [{ resource: { name: 'c' }, reason: 'moving', until: '2026-01-31' }];
    const declared = declares(['c'], { ...defaultSettings, ignore });
    const { state, last } = observed(declared, { now: () => clock.now, retryMs: 20 });
    await vi.waitFor(() => expect(last()).toMatchObject({ findings: [] }));
    expect(state.held.size).toBe(0);

    clock.now = Date.UTC(2026, 1, 1);

    await vi.waitFor(() => expect(last()?.findings).toMatchObject([{ type: 'missing' }]));
  });

  it('judges anew what rests on another object, though it has not changed itself', async () => {
    const clock = { now: 0 };
    const { state, last, judge } = observed(declares(['a']), { now: () => clock.now, retryMs: 20 });
    await vi.waitFor(() => expect(last()).toMatchObject({ verdict: 'in-sync' }));
    const judged = vi.spyOn(judge, 'judge').mockResolvedValue({ exempt: [], rests: true });
    state.live = [configMap('a', 'moved')];
    state.tell({ type: 'MODIFIED', object: configMap('a', 'moved') });
    await vi.waitFor(() => expect(judged).toHaveBeenCalledTimes(1));
    judged.mockRestore();

    clock.now = 300_000;

    await vi.waitFor(() => expect(last()?.findings).toMatchObject([{ type: 'changed' }]));
  });
});

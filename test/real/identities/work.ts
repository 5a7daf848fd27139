import { EventsOutlet } from '../../../src/alerts/events/events.ts';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import { clusterAuditRecords } from '../../../src/converge/audit/audit-records.ts';
import { tidy } from '../../../src/converge/audit/tidy.ts';
import { clusterFreezes } from '../../../src/converge/freeze/freezes.ts';
import { clusterInventories } from '../../../src/converge/inventory/inventories.ts';
import { convergerLease, whileLeading } from '../../../src/converge/lease.ts';
import { AuthorizationLedger } from '../../../src/converge/ledger.ts';
import { clusterSyncs } from '../../../src/converge/sync-store.ts';
import { observerLease } from '../../../src/daemon/leading.ts';
import { kubernetesDriver } from '../../../src/drivers/kubernetes/driver.ts';
import type { Comparison, Finding } from '../../../src/findings/finding.ts';
import { IncidentDesk } from '../../../src/incidents/desk.ts';
import { DriftReportStore } from '../../../src/incidents/store.ts';
import { seatCount, seatLease } from '../../../src/sharing/seats.ts';
import { packed, partsOf } from '../../../src/sharing/sighting.ts';
import { clusterSightings } from '../../../src/sharing/sighting-store.ts';
import { declaredFrom } from '../converge/declared.ts';
import { repositoryOf } from '../converge/support.ts';
import { waitUntil } from '../support/wait-until.ts';
import { everyKind } from './attempts.ts';

/** An account at work: a connection under its own token. */
export interface Stage {
  cluster: Cluster;
  namespace: string;
  /** Namespace of what is declared. */
  app: string;
}

const revision = 'a'.repeat(40);

type Sample = ReturnType<typeof everyKind>[number];

/** One object of every group that the observer has dry runs for. */
function samples(app: string): Sample[] {
  const of = (apiVersion: string, kind: string, rest: object, namespaced = true): Sample => ({
    apiVersion,
    kind,
    metadata: namespaced ? { name: 'it', ...{ namespace: app } } : { name: `it-${app}` },
    ...rest,
  });
  return [
    ...everyKind(app).filter(({ kind }) => !['Endpoints', 'CustomResourceDefinition'].includes(kind)),
    of('discovery.k8s.io/v1', 'EndpointSlice', { addressType: 'IPv4', endpoints: [], ports: [] }),
    of(
      'flowcontrol.apiserver.k8s.io/v1',
      'FlowSchema',
      { spec: { priorityLevelConfiguration: { name: 'global-default' }, matchingPrecedence: 9_000 } },
      false,
    ),
    of('resource.k8s.io/v1', 'DeviceClass', { spec: {} }, false),
    of('holdfast.dev/v1alpha1', 'Freeze', { spec: { reason: 'r', by: 'u' } }),
    ...['one', 'two'].map(name => crd(`${name}.${app}.example.com`, name)),
    ...['v1', 'v2'].map(version => apiService(version, `${app}.example.org`)),
  ];
}

const crd = (name: string, plural: string): Sample => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name },
  spec: {
    group: name.slice(plural.length + 1),
    scope: 'Namespaced',
    names: { kind: plural, plural },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
});

const apiService = (version: string, group: string): Sample => ({
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: `${version}.${group}` },
  spec: {
    ...{ group, version, groupPriorityMinimum: 100, versionPriority: 1 },
    service: { name: 'none', namespace: 'default' },
    insecureSkipTLSVerify: true,
  },
});

/** Names that are bound to what the object is cannot be chosen: of these kinds `samples` has two. */
const bound = ['CustomResourceDefinition', 'APIService'];

/** As administrator: every sample lives with a label that nobody declares, and its namespace. */
export async function install({ cluster, app }: Stage): Promise<void> {
  const kinds = await cluster.kinds();
  const all = [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: app } }, ...living(app)];
  for (const object of all) {
    const kind = kinds.find(object.apiVersion, object.kind);
    if (kind === undefined) throw new Error(`the server has no ${object.apiVersion} ${object.kind}`);
    const target = { kind, namespace: app, name: object.metadata.name };
    const labels = { 'by-hand': 'yes' };
    const body = JSON.parse(JSON.stringify({ ...object, metadata: { ...object.metadata, labels } }));
    await cluster.create(target, body, { dryRun: false });
  }
}

/** The first of each two whose name is bound. */
const living = (app: string): Sample[] =>
  samples(app).filter(({ kind }, index, all) => !bound.includes(kind) || all[index - 1]?.kind !== kind);

/** What a repository declares: each sample, and one of its kind that is missing. */
function declared(app: string): string {
  const all = samples(app);
  const missing = all
    .filter(({ kind }) => !bound.includes(kind))
    .map(one => ({ ...one, metadata: { ...one.metadata, name: `${one.metadata.name}-missing` } }));
  return [...all, ...missing].map(one => JSON.stringify(one)).join('\n---\n');
}

/**
 * All that an observer asks of the API server: compares and watches, leads, keeps reports, leaves Events, asks for syncs and writes down
 * what people ask for. Gives what it found, and what did not work.
 */
export async function asObserver(stage: Stage): Promise<{ findings: Finding[]; told: string[] }> {
  const { cluster, namespace, app } = stage;
  const { connection } = cluster;
  const told: string[] = [];
  const driver = kubernetesDriver({ connection });
  const declaration = await declaredFrom({ 'manifests/all/all.json': declared(app) }, revision);
  const [unit] = declaration.units;
  if (unit === undefined) throw new Error('nothing is declared');
  const comparison = await driver.compare(unit, declaration);
  await new Promise<void>(resolve => {
    const observation = driver.observe(unit, declaration, () => void observation.close().then(resolve));
  });
  await keepReports(stage, comparison, told);
  const stop = new AbortController();
  const lease = { cluster, namespace, name: observerLease, holder: 'it', durationMs: 900 };
  await whileLeading({ ...lease, durationMs: 300 }, stop.signal, async () => {
    await new Promise(resolve => setTimeout(resolve, 400));
    stop.abort();
  });
  await shareUnits(stage, comparison);
  await clusterSyncs(cluster, namespace).create({ unit: 'all', revision, reason: 'request' });
  const record = { action: 'run', outcome: 'refused', by: 'u', via: 'slack', reason: 'r' } as const;
  await clusterAuditRecords(cluster, namespace).add(record);
  const freezes = clusterFreezes(cluster, namespace);
  await freezes.freeze({ reason: 'r', by: 'u' });
  await freezes.unfreeze('all', 'u');
  return { findings: comparison.findings, told };
}

/** Sits on each seat, and hands over what it saw: in two parts at first, then in one. */
async function shareUnits({ cluster, namespace }: Stage, comparison: Comparison): Promise<void> {
  for (let seat = 0; seat < seatCount; seat += 1) {
    const stop = new AbortController();
    const lease = { cluster, namespace, name: seatLease(seat), holder: 'it', durationMs: 300 };
    await whileLeading(lease, stop.signal, async () => stop.abort());
  }
  const sightings = clusterSightings(cluster, namespace);
  const seen = { unit: 'all', holder: 'it', hash: 'h', converging: false };
  await sightings.write('all', 'it', partsOf({ ...seen, packed: 'x'.repeat(800_000) }, 'first'));
  await sightings.write('all', 'it', partsOf({ ...seen, packed: packed(comparison) }, 'second'));
}

async function keepReports(
  { cluster, namespace, app }: Stage,
  comparison: Comparison,
  told: string[],
): Promise<void> {
  const desk = new IncidentDesk({
    outlets: [new EventsOutlet({ cluster, holder: 'it' })],
    store: new DriftReportStore(cluster.connection, { namespace }),
    telling: () => ({
      environment: 'prod',
      repository: 'infra',
      revision,
      severity: 'info',
      next: 'nothing',
    }),
    onFailure: failure => told.push(failure.line),
    gatherMs: 20,
  });
  desk.start();
  desk.units(['all', 'one']);
  desk.compared(comparison, { revision });
  // many at once are one digest, of which no object gets an Event
  const resource = { apiVersion: 'v1', kind: 'ConfigMap', namespace: app, name: 'it' };
  const finding: Finding = { unit: 'one', type: 'changed', resource };
  desk.compared({ ...comparison, unit: 'one', findings: [finding] }, { revision });
  await waitUntil('the reports to be stored', () => desk.idle || told.length > 0);
  desk.units([]);
  await waitUntil('the report to be removed', () => desk.idle || told.length > 0);
  await desk.close();
}

/** All that a converger asks of the API server: leads, applies, prunes, makes anew, and keeps the records. Gives what failed. */
export async function asConverger({ cluster, namespace, app }: Stage): Promise<string[]> {
  const repository = repositoryOf(kubernetesDriver({ connection: cluster.connection }));
  const map = (name: string, colour: string) =>
    `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}, namespace: ${app}}, data: {colour: ${colour}}}`;
  const sync = (manifests: string) =>
    repository.sync('shop', { 'manifests/shop/all.yaml': manifests, 'holdfast.yaml': prunes });
  const first = await sync([map('a', 'blue'), map('b', 'blue')].join('\n---\n'));
  const second = await sync(map('a', 'red'));
  const syncs = clusterSyncs(cluster, namespace);
  const made = await syncs.create({ unit: 'shop', revision, reason: 'merge' });
  await syncs.patchStatus(made, { phase: 'Succeeded' });
  const seen = new AbortController();
  await syncs.watch(() => setTimeout(() => seen.abort(), 100), seen.signal);
  const ledger = new AuthorizationLedger(cluster, {
    namespace,
    repository: 'r',
    branch: 'main',
    trustRoot: revision,
  });
  await ledger.append({
    verdict: 'authorized',
    from: revision,
    revision: 'b'.repeat(40),
    pulls: [],
    digest: 'd',
  });
  const inventories = clusterInventories(cluster, namespace);
  const item = (name: string) => ({
    resource: { apiVersion: 'v1', kind: 'ConfigMap', namespace: app, name },
    revision,
  });
  await inventories.save('shop', [item('a')]);
  await inventories.save('shop', [item('a'), item('b')]);
  await inventories.save('shop', []);
  const stop = new AbortController();
  const lease = { cluster, namespace, name: convergerLease, holder: 'it', durationMs: 300 };
  await whileLeading(lease, stop.signal, async () => {
    await new Promise(resolve => setTimeout(resolve, 400));
    stop.abort();
  });
  await tidy(cluster, namespace, { days: 1, count: 10 }, new Date(Date.now() + 10 * 86_400_000));
  const failed = [...first.applied, ...second.applied].filter(({ result }) => result !== 'applied');
  return failed.map(({ message }) => message ?? 'failed');
}

const prunes =
  'apiVersion: holdfast.dev/v1alpha1\nunits: [{name: shop, driver: kubernetes, path: manifests/shop}]\n';

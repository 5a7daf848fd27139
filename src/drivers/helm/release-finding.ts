import { differing } from '../../declared/helm/differing.ts';
import { printedKey } from '../../declared/helm/output.ts';
import type { DeclaredRelease, ReleaseRendering } from '../../declared/helm/release.ts';
import type { Attribution, FieldChange, Finding, NamedRef } from '../../findings/finding.ts';
import type { JsonObject } from '../../json/json.ts';
import { equal, leavesOf, pointerOf, valueAt } from '../../json/value.ts';
import type { ReleaseHistory } from './history.ts';
import type { ReleaseRecord } from './record.ts';
import type { Settled } from './settle.ts';

/** How a release is named in findings and plans. */
export function releaseRef({ name, namespace }: Pick<DeclaredRelease, 'name' | 'namespace'>): NamedRef {
  return { type: 'Release', name: `${namespace}/${name}` };
}

/** What lives of a release that has no record, as far as its objects tell. */
export interface Traces {
  /** How many of its objects are there. */
  there: number;
  /** Who made those that carry no mark of the release; undefined where all carry it. */
  foreign: string | undefined;
}

/**
 * The finding on the release itself: what its record says otherwise than the declaration. Undefined where it is as declared.
 * Values of a record are never shown, only which of them differ.
 */
export function releaseFinding(
  unit: string,
  release: DeclaredRelease,
  history: ReleaseHistory,
  settled: Settled,
  traces: Traces,
): Finding | undefined {
  const about = { unit, resource: releaseRef(release), source: release.source };
  const { newest, base } = history;
  if (newest === undefined) return { ...about, type: 'missing', message: missingWords(release, traces) };
  if (newest.status === 'uninstalled') {
    const message = `the release was uninstalled${byWords(newest)}; its history is kept up to revision ${newest.revision}`;
    return { ...about, type: 'missing', message };
  }
  const by = newest.by;
  const status = statusChange(newest);
  const inputs =
    release.rendering === undefined || base === undefined ? [] : inputChanges(release.rendering, base);
  const manifest =
    inputs.length > 0 || base === undefined
      ? []
      : [...manifestChanges(settled), ...hookChanges(release.rendering, base)];
  const changes = [...(status === undefined ? [] : [status]), ...inputs, ...manifest].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
  if (changes.length === 0) return undefined;
  const words = [
    ...(status === undefined ? [] : [statusWords(newest)]),
    ...(inputs.length === 0 || base === undefined ? [] : [inputWords(inputs, base)]),
    ...(manifest.length === 0 || base === undefined ? [] : [manifestWords(base)]),
  ];
  return {
    ...about,
    type: 'changed',
    changes: changes.map(change => ({ ...change, ...(by !== undefined && { by }) })),
    message: words.join('; '),
  };
}

function missingWords({ name }: DeclaredRelease, { there, foreign }: Traces): string {
  if (there === 0) return `the release ${name} is not installed`;
  const objects = there === 1 ? 'one of its objects is' : `${there} of its objects are`;
  if (foreign === undefined) return `the record of the release ${name} is gone, and ${objects} there`;
  return `${objects} there, installed by another tool (${foreign}), and there is no release ${name}`;
}

function statusChange({ status }: ReleaseRecord): FieldChange | undefined {
  return status === 'deployed'
    ? undefined
    : { path: '/status', op: 'changed', declared: 'deployed', live: status };
}

const operations: Readonly<Record<string, string>> = {
  'pending-install': 'an installation',
  'pending-upgrade': 'an upgrade',
  'pending-rollback': 'a rollback',
  uninstalling: 'an uninstallation',
};

function statusWords(record: ReleaseRecord): string {
  const { status, revision, updatedAt } = record;
  const operation = operations[status];
  const since = updatedAt === undefined ? '' : ` since ${updatedAt}`;
  if (operation !== undefined) {
    return `${operation} (revision ${revision})${byWords(record)} is in progress${since}, or was interrupted`;
  }
  if (status === 'failed') return `revision ${revision}${byWords(record)} failed`;
  return `revision ${revision} is ${status}, and none is deployed`;
}

/** Chart and values, each value as one change. */
function inputChanges({ chart, values }: ReleaseRendering, base: ReleaseRecord): FieldChange[] {
  const [declared, live] = [chart, base.chart].map(({ name, version }) => `${name}-${version}`);
  const changed: FieldChange[] = declared === live ? [] : [{ path: '/chart', op: 'changed', declared, live }];
  return [
    ...changed,
    ...differing(values, base.values).flatMap(place => valueChanges(place, values, base.values)),
  ];
}

/** Where one side has nothing there, each value of the other is named. */
function valueChanges(place: readonly string[], declared: JsonObject, live: JsonObject): FieldChange[] {
  const [own, other] = [valueAt(declared, place), valueAt(live, place)];
  if (own !== undefined && other !== undefined)
    return [{ path: pointerOf(['values', ...place]), op: 'changed', redacted: true }];
  const op = own === undefined ? 'added' : 'removed';
  return leavesOf(own ?? other ?? null).map(({ path }) => ({
    path: pointerOf(['values', ...place, ...path]),
    op,
    redacted: true,
  }));
}

function inputWords(changes: readonly FieldChange[], record: ReleaseRecord): string {
  const what = [
    ...(changes.some(({ path }) => path === '/chart') ? ['the chart'] : []),
    ...(changes.some(({ path }) => path.startsWith('/values')) ? ['values'] : []),
  ].join(' and ');
  const { revision, rolledBackTo, ours } = record;
  if (rolledBackTo !== undefined)
    return `rolled back by hand to revision ${rolledBackTo} (helm rollback${byWords(record)}, revision ${revision})`;
  if (ours !== undefined)
    return `the declaration has other ${what} than Holdfast converged at ${ours.slice(0, 7)} (revision ${revision})`;
  const verb = what === 'the chart' ? 'is another one' : 'changed by hand';
  return `${what} ${verb} (helm ${revision === 1 ? 'install' : 'upgrade'}${byWords(record)}, revision ${revision})`;
}

/** Objects that the record has otherwise though chart and values are the same. */
function manifestChanges({ pairs, surplus }: Settled): FieldChange[] {
  const changed = pairs.flatMap(({ rendered, plain, recorded }): FieldChange[] => {
    if (rendered.isDefinition) return [];
    const { kind, name } = rendered.identity;
    const path = pointerOf(['manifest', kind, name]);
    if (recorded === undefined) return [{ path, op: 'removed', redacted: true }];
    return equal(plain, recorded.object) ? [] : [{ path, op: 'changed', redacted: true }];
  });
  const added = surplus.map(
    ({ identity: { kind, name } }): FieldChange => ({
      path: pointerOf(['manifest', kind, name]),
      op: 'added',
      redacted: true,
    }),
  );
  return [...changed, ...added];
}

/** Hooks are only what was written down of them: what lives of one is helm's. Tests run when somebody asks for them. */
function hookChanges(rendering: ReleaseRendering | undefined, base: ReleaseRecord): FieldChange[] {
  if (rendering === undefined || rendering.hooks.some(({ steady }) => !steady)) return [];
  const isRun = ({ events }: { events: readonly string[] }) =>
    events.some(event => !event.startsWith('test'));
  const recorded = new Map(base.hooks.filter(isRun).map(hook => [printedKey(hook), hook]));
  const declared = rendering.hooks.filter(isRun);
  const path = ({ identity: { kind, name } }: (typeof declared)[number] | (typeof base.hooks)[number]) =>
    pointerOf(['hooks', kind, name]);
  const changed = declared.flatMap((hook): FieldChange[] => {
    const other = recorded.get(printedKey(hook));
    recorded.delete(printedKey(hook));
    if (other?.hash === hook.hash) return [];
    return [{ path: path(hook), op: other === undefined ? 'removed' : 'changed', redacted: true }];
  });
  const more = [...recorded.values()].map(
    (hook): FieldChange => ({ path: path(hook), op: 'added', redacted: true }),
  );
  return [...changed, ...more];
}

function manifestWords(record: ReleaseRecord): string {
  const { revision, rolledBackTo } = record;
  if (rolledBackTo !== undefined)
    return `rolled back by hand to revision ${rolledBackTo} (helm rollback${byWords(record)}, revision ${revision})`;
  return `the release (revision ${revision}${byWords(record)}) was rendered otherwise from a chart of the same version: the chart was changed, or a post-renderer was used`;
}

export function byWords({ by }: { by: Attribution | undefined }): string {
  return by === undefined ? '' : ` by ${by.manager}`;
}

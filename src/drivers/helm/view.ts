import type { Cluster } from '../../cluster/cluster.ts';
import { targetOf } from '../../cluster/target.ts';
import { ignore } from '../../compare/ignore.ts';
import type { Declaration, DeclaredUnit } from '../../declared/declaration.ts';
import type { DeclaredRelease, ReleaseRendering } from '../../declared/helm/release.ts';
import { secretTexts } from '../../declared/helm/secret-values.ts';
import { type Failure, toFailure } from '../../failure/failure.ts';
import { type Comparison, type Finding, isObjectRef, resourceKey } from '../../findings/finding.ts';
import { sortFindings, verdictOf } from '../../findings/verdict.ts';
import { isBlind } from '../kubernetes/beyond/whole.ts';
import { capabilitiesOf } from './capabilities.ts';
import { explain } from './explain.ts';
import { noHistory, type ReleaseHistory, readHistory } from './history.ts';
import { releaseFinding, releaseRef, type Traces } from './release-finding.ts';
import { type Settled, settle } from './settle.ts';
import { markOf, surplusFindings } from './surplus.ts';

/** All that is known of a release at one moment: declaration and record, put together for the comparison with live. */
export interface View {
  /** What the driver of manifests compares with live. */
  unit: DeclaredUnit;
  declaration: Declaration;
  release: DeclaredRelease | undefined;
  history: ReleaseHistory;
  /** Why the records cannot be read. */
  unread: Failure | undefined;
  settled: Settled;
  /** Texts of secret values, of the declaration and of the record. */
  secrets: readonly string[];
}

/**
 * Renders a unit for the cluster as it is and reads the records of its release. Records that cannot be read are told in the
 * view; throws what concerns the whole cluster.
 */
export async function viewOf(
  cluster: Cluster,
  unit: DeclaredUnit,
  declaration: Declaration,
  signal?: AbortSignal,
): Promise<View> {
  const { release } = unit;
  if (release === undefined) return viewWithout(unit, declaration);
  let history = noHistory;
  let unread: Failure | undefined;
  if (release.apply === 'helm') {
    try {
      history = await readHistory(cluster, release, signal);
    } catch (error) {
      const failure = toFailure(error, 'HF1808');
      if (failure.code !== 'HF1808') throw failure;
      unread = failure;
    }
  }
  const upgrade = (history.base?.revision ?? 0) > 1;
  const now = await release.at({ ...(await capabilitiesOf(cluster)), upgrade });
  // what cannot be rendered for this cluster keeps what was declared when it last could be
  const fitting = now.unrendered === undefined ? now : { ...now, objects: unit.objects };
  const current = { ...fitting, ...(unit.manages !== undefined && { manages: unit.manages }) };
  current.findings = [...current.findings, ...unit.findings.filter(({ code }) => code === 'HF1109')];
  const settled = settle(current, current.release ?? release, history);
  const texts = secretsOf(current.release?.rendering, history);
  const rules = [...declaration.settings.ignore, ...settled.rules];
  return {
    unit: settled.unit,
    declaration: {
      ...declaration,
      settings: { ...declaration.settings, ignore: rules },
      units: declaration.units.map(each =>
        each.definition.name === unit.definition.name ? settled.unit : each,
      ),
    },
    release: current.release ?? release,
    history,
    unread,
    settled,
    secrets: [...new Set(texts)],
  };
}

/** Those that are declared, and those of the records that live may come from. */
function secretsOf(rendering: ReleaseRendering | undefined, { base, newest }: ReleaseHistory): string[] {
  const recorded = [base, newest].flatMap(record => (record === undefined ? [] : [record.values]));
  return [
    ...(rendering?.secrets ?? []),
    ...recorded.flatMap(values => rendering?.secretsIn(values) ?? secretTexts(values, {})),
  ];
}

function viewWithout(unit: DeclaredUnit, declaration: Declaration): View {
  const settled: Settled = { unit, rules: [], notes: [], keep: [], pairs: [], surplus: [] };
  return {
    unit,
    declaration,
    release: undefined,
    history: noHistory,
    unread: undefined,
    settled,
    secrets: [],
  };
}

/** The comparison of the objects with live, together with what is to be said of the release itself. */
export async function withRelease(
  cluster: Cluster,
  view: View,
  comparison: Comparison,
  now: number,
  signal?: AbortSignal,
): Promise<Comparison> {
  const { release } = view;
  if (release === undefined || isBlind(comparison)) return comparison;
  const explained = explain(comparison.findings, release, view.history, view.settled, view.secrets);
  const own = await ownFindings(cluster, view, release, comparison, signal);
  const today = new Date(now).toISOString().slice(0, 10);
  const { findings, exempt, used } = ignore(own, view.declaration.settings.ignore, today);
  const all = sortFindings([...explained, ...findings]);
  const exemptions = [...(comparison.exempt ?? []), ...exempt];
  const rules = new Set([...(comparison.usedRules ?? []), ...used]);
  return {
    ...comparison,
    verdict: verdictOf(all),
    findings: all,
    ...(exemptions.length > 0 && { exempt: exemptions }),
    ...(rules.size > 0 && { usedRules: [...rules].sort((a, b) => a - b) }),
    ...(view.settled.notes.length > 0 && { notes: view.settled.notes }),
  };
}

async function ownFindings(
  cluster: Cluster,
  view: View,
  release: DeclaredRelease,
  comparison: Comparison,
  signal: AbortSignal | undefined,
): Promise<Finding[]> {
  const unit = view.unit.definition.name;
  if (release.apply !== 'helm') return [];
  if (view.unread !== undefined) {
    const { code, message } = view.unread;
    const about = { unit, resource: releaseRef(release), source: release.source, code };
    return [{ ...about, type: 'unknown', origin: 'cluster', message: `${code} ${message}` }];
  }
  const traces =
    view.history.newest === undefined ? await tracesOf(cluster, view, comparison, signal) : noTraces;
  const finding = releaseFinding(unit, release, view.history, view.settled, traces);
  const surplus = await surplusFindings(cluster, view.unit, release, view.settled, view.history, signal);
  return finding === undefined ? surplus : [finding, ...surplus];
}

const noTraces: Traces = { there: 0, foreign: undefined };
const mostLooked = 20;

/** Which objects of a release without record are there, and who made those that carry no mark of it. */
async function tracesOf(
  cluster: Cluster,
  { unit, release }: View,
  { findings }: Comparison,
  signal: AbortSignal | undefined,
): Promise<Traces> {
  const kinds = await cluster.kinds();
  const away = new Set(
    findings.flatMap(({ type, resource }) =>
      type === 'missing' || type === 'invalid' || type === 'unknown' ? [resourceKey(resource)] : [],
    ),
  );
  const definitions = new Set(
    (release?.rendering?.objects ?? []).flatMap(({ isDefinition, identity }) =>
      isDefinition ? [identity.name] : [],
    ),
  );
  const there = unit.objects.flatMap(object => {
    const target = targetOf(kinds, unit, object);
    if (target === undefined || definitions.has(target.name)) return [];
    const { kind, namespace, name } = target;
    const ref = {
      apiVersion: kind.apiVersion,
      kind: kind.kind,
      ...(kind.namespaced && namespace !== undefined && { namespace }),
      name,
    };
    return isObjectRef(ref) && away.has(resourceKey(ref)) ? [] : [target];
  });
  const marks = await Promise.all(there.slice(0, mostLooked).map(target => markOf(cluster, target, signal)));
  const foreign = marks.find(mark => mark !== undefined && mark.release !== release?.name);
  if (foreign === undefined) return { there: there.length, foreign: undefined };
  const who =
    foreign.release === undefined ? foreign.managers.join(', ') : `the Helm release ${foreign.release}`;
  return { there: there.length, foreign: who === '' ? 'nobody is named' : who };
}

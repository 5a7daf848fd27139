import { toFailure } from '../../failure/failure.ts';
import {
  type Finding,
  type Note,
  type ObjectRef,
  resourceTitle,
  type Source,
} from '../../findings/finding.ts';
import type { JsonObject } from '../../json/json.ts';
import { isMap } from '../../json/value.ts';
import type { ParseCache } from '../cache.ts';
import type { DeclaredObject, DeclaredUnit, UnitDefinition } from '../declaration.ts';
import { hashJson, hashText } from '../hash.ts';
import type { SourceTree } from '../tree.ts';
import type { UnitFiles } from '../units/files.ts';
import { declarationFinding } from '../units/findings.ts';
import { type Capabilities, capabilitiesKey } from './capabilities.ts';
import { installable } from './install-files.ts';
import { printedKey } from './output.ts';
import { planRelease, type ReleasePlan, readRelease } from './plan.ts';
import { findHelm } from './program.ts';
import type { DeclaredRelease, ReleaseRendering, RenderedObject } from './release.ts';
import { isRelease, type ReleaseResult, renderRelease } from './render.ts';

export interface HelmUnitOptions {
  environment?: string | undefined;
  cache: ParseCache;
  /** Whether a chart that is elsewhere may be fetched; else only one that is kept is used. */
  fetch?: boolean;
}

/** A unit of the driver helm: what its chart renders to. Never throws for what the files hold: then it is `unrendered`. */
export async function helmUnit(
  definition: UnitDefinition,
  tree: SourceTree,
  files: UnitFiles,
  capabilities: Capabilities,
  options: HelmUnitOptions,
): Promise<DeclaredUnit> {
  const sources = { tree, files: files.all };
  try {
    const plan = await planRelease(tree, definition, options.environment);
    const at = async (other: Capabilities): Promise<DeclaredUnit> => {
      const result = await rendered(plan, other, options);
      const release = { ...releaseOf(plan), at };
      const hash = hashText(JSON.stringify([definition.name, plan.key, release.apply]));
      if (!isRelease(result)) {
        const { failure, passing } = result;
        return { ...failedUnit(definition, failure, passing), release, sources, hash };
      }
      return { ...renderedUnit(plan, release, result), sources, hash };
    };
    return await at(capabilities);
  } catch (error) {
    const failure = toFailure(error, 'HF1801');
    const hash = hashText(
      JSON.stringify([definition.name, files.all.map(file => [file.path, file.content])]),
    );
    return { ...failedUnit(definition, failure, failure.code === 'HF1105'), sources, hash };
  }
}

/** What passes by itself is not remembered; all else is, so that a broken chart is not tried at each commit. */
async function rendered(
  plan: ReleasePlan,
  capabilities: Capabilities,
  { cache, fetch = true }: HelmUnitOptions,
): Promise<ReleaseResult> {
  try {
    const program = await findHelm();
    const key = `${plan.key} ${capabilitiesKey(capabilities)} ${program.version}`;
    const known = cache.releases.get(key);
    if (known !== undefined) return known;
    const result = await renderRelease(plan, await readRelease(plan, fetch), capabilities, program);
    if (isRelease(result) || !result.passing) cache.releases.set(key, result);
    return result;
  } catch (error) {
    const failure = toFailure(error, 'HF1801');
    const passing = ['HF1005', 'HF1105', 'HF1803', 'HF1804'].includes(failure.code);
    return { failure, passing };
  }
}

function releaseOf(plan: ReleasePlan): Omit<DeclaredRelease, 'at'> {
  const { helm } = plan.definition;
  return {
    name: plan.name,
    namespace: plan.namespace,
    apply: helm?.apply ?? 'helm',
    createNamespace: helm?.createNamespace ?? false,
    historyMax: helm?.historyMax ?? 10,
    source: plan.source,
    notes: [],
    installable: async () => installable(plan, await readRelease(plan)),
  };
}

function failedUnit(
  definition: UnitDefinition,
  {
    code,
    message,
    where,
  }: { code: Finding['code']; message: string; where: { file?: string; line?: number } },
  passing: boolean,
): Omit<DeclaredUnit, 'hash'> {
  const source: Source = {
    file: where.file ?? definition.path,
    ...(where.line !== undefined && { line: where.line }),
  };
  const resource = { type: 'Unit', name: definition.name };
  const finding = declarationFinding(definition.name, 'unknown', code ?? 'HF1801', message, source, resource);
  return { definition, objects: [], findings: [finding], unrendered: passing ? 'passing' : 'lasting' };
}

function renderedUnit(
  plan: ReleasePlan,
  release: DeclaredRelease,
  rendering: ReleaseRendering,
): Omit<DeclaredUnit, 'hash'> {
  const { definition } = plan;
  const findings = rendering.problems.map(({ message, source }) =>
    declarationFinding(definition.name, 'invalid', 'HF1101', message, source),
  );
  const objects = new Map<string, { rendered: RenderedObject; declared: DeclaredObject }>();
  for (const each of rendering.objects) {
    const declared = declaredObject(plan, release, each);
    const first = objects.get(printedKey(each));
    if (first === undefined) objects.set(printedKey(each), { rendered: each, declared });
    else findings.push(duplicate(definition.name, first.declared, declared));
  }
  const notes = [...unsteadyNotes(plan, rendering), ...hookNotes(plan, rendering)];
  return {
    definition: { ...definition, namespace: plan.namespace },
    objects: [...objects.values()].map(({ declared }) => declared),
    findings,
    release: { ...release, rendering, notes },
  };
}

/** As helm sends it: with the marks of its release. What comes from crds/ has none. */
function declaredObject(
  plan: ReleasePlan,
  { apply }: DeclaredRelease,
  { identity, object, source, isDefinition, hash }: RenderedObject,
): DeclaredObject {
  const { apiVersion, kind, name, namespace } = identity;
  const ref: ObjectRef = { apiVersion, kind, namespace: namespace ?? plan.namespace, name };
  if (apply !== 'helm' || isDefinition) return { ref, object, source, hash };
  const marked = withMarks(object, plan);
  return { ref, object: marked, source, hash: hashJson(marked) };
}

export function withMarks(object: JsonObject, release: { name: string; namespace: string }): JsonObject {
  const metadata = isMap(object['metadata']) ? object['metadata'] : {};
  const labels = isMap(metadata['labels']) ? metadata['labels'] : {};
  const annotations = isMap(metadata['annotations']) ? metadata['annotations'] : {};
  return {
    ...object,
    metadata: {
      ...metadata,
      labels: { ...labels, 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: {
        ...annotations,
        'meta.helm.sh/release-name': release.name,
        'meta.helm.sh/release-namespace': release.namespace,
      },
    },
  };
}

function duplicate(unit: string, first: DeclaredObject, second: DeclaredObject): Finding {
  const at = `${first.source.file}:${first.source.line ?? 1}`;
  const how = first.hash === second.hash ? 'the same way' : 'differently';
  const what = `${resourceTitle(second.ref)} is rendered here and, ${how}, from ${at}; helm cannot install it twice`;
  return declarationFinding(unit, 'invalid', 'HF1103', what, second.source, second.ref);
}

const steady = /^(lookup|now|\.)/;

/** One note for each object with fields that two renderings do not agree about. */
function unsteadyNotes({ definition, namespace }: ReleasePlan, { objects }: ReleaseRendering): Note[] {
  return objects.flatMap((object): Note[] => {
    if (object.unsteady.length === 0) return [];
    return [unsteadyNote(definition.name, namespace, object, object.unsteady, likely(object))];
  });
}

/** What may make an object another one each time: the nearest below its beginning first. */
function likely({ calls, source }: RenderedObject): RenderedObject['calls'] {
  const wild = calls.filter(({ word }) => !steady.test(word));
  const all = wild.length > 0 ? wild : calls;
  const isBelow = (call: (typeof calls)[number]) =>
    call.source.file === source.file && (call.source.line ?? 0) >= (source.line ?? 0);
  return [...all.filter(isBelow), ...all.filter(call => !isBelow(call))];
}

/** Says which fields are not steady, and which calls may be why, the likeliest first; never their values. */
export function unsteadyNote(
  unit: string,
  namespace: string,
  { identity, source }: RenderedObject,
  places: RenderedObject['unsteady'],
  calls: RenderedObject['calls'],
): Note {
  const { apiVersion, kind, name } = identity;
  const paths = places.map(path => (path.length === 0 ? 'the whole object' : `/${path.join('/')}`));
  const shown =
    paths.length > 3 ? `${paths.slice(0, 3).join(', ')} and ${paths.length - 3} more` : paths.join(', ');
  const words = [...new Set(calls.map(({ word }) => word))].slice(0, 3);
  const why = words.length === 0 ? 'it differs when rendered again' : `by ${words.join(' or ')}`;
  return {
    unit,
    resource: { apiVersion, kind, namespace: identity.namespace ?? namespace, name },
    source: calls[0]?.source ?? source,
    code: 'HF1807',
    message: `HF1807 nondeterministic: ${shown} of ${kind} ${name} (${why}); neither compared with what is rendered nor applied`,
  };
}

/** What helm runs at certain moments, and what is not compared therefore. */
function hookNotes({ definition, source }: ReleasePlan, { hooks }: ReleaseRendering): Note[] {
  if (hooks.length === 0) return [];
  const list = (some: typeof hooks) =>
    some
      .map(({ identity: { kind, name }, events, named, source: { file } }) => {
        // a name that is another one each time would make each report another one
        const title = named ? `${kind} ${name}` : `a ${kind} of ${file}`;
        return `${title} (${events.join(', ')})`;
      })
      .join(', ');
  const tests = hooks.filter(({ events }) => events.every(event => event.startsWith('test')));
  const others = hooks.filter(hook => !tests.includes(hook));
  const words = [
    ...(others.length > 0 ? [`hooks, which helm runs: ${list(others)}`] : []),
    ...(tests.length > 0 ? [`tests: ${list(tests)}`] : []),
  ];
  const resource = { type: 'Unit', name: definition.name };
  return [{ unit: definition.name, resource, source, message: `not compared are ${words.join('; ')}` }];
}

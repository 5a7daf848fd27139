import { hash } from 'node:crypto';
import { Limit } from '../../concurrency/limit.ts';
import { Failure, toFailure } from '../../failure/failure.ts';
import type { Source } from '../../findings/finding.ts';
import type { JsonObject } from '../../json/json.ts';
import { isMap, valueAt } from '../../json/value.ts';
import { type ChildEnd, type ChildLimits, runChild } from '../../programs/child.ts';
import { createWorkspace } from '../../programs/workspace.ts';
import { hashText } from '../hash.ts';
import { isProblem, readDocuments } from '../yaml/document.ts';
import { type Capabilities, capabilityArgs } from './capabilities.ts';
import { differing, type Place } from './differing.ts';
import { helmEnvironment, helmLimits } from './environment.ts';
import { installable } from './install-files.ts';
import { type ChartTexts, chartTexts, isProse } from './layout.ts';
import { type Printed, type PrintedObject, printedKey, readPrinted } from './output.ts';
import { FieldPlaces } from './places.ts';
import type { ReleaseFiles, ReleasePlan } from './plan.ts';
import type { HelmProgram } from './program.ts';
import type { ReleaseRendering, RenderedHook, RenderedObject } from './release.ts';
import type { ScopedSchema } from './schema-marks.ts';
import { type SecretMarks, secretTexts } from './secret-values.ts';
import { unsteadyCalls } from './unsteady.ts';
import { merged, readValues, type ValuesLayer } from './values.ts';
import { helmWords } from './words.ts';

/** Why a release was not rendered. */
export interface NotRendered {
  failure: Failure;
  /** Trying again may help; otherwise the files must change. */
  passing: boolean;
}

export type ReleaseResult = ReleaseRendering | NotRendered;

export function isRelease(result: ReleaseResult): result is ReleaseRendering {
  return 'objects' in result;
}

/** Children of all units and trees together. */
const pool = new Limit(2);

/** Renders a release twice with the real helm, in a private copy of its files and within limits. Never throws. */
export async function renderRelease(
  plan: ReleasePlan,
  files: ReleaseFiles,
  capabilities: Capabilities,
  program: HelmProgram,
  limits: ChildLimits = helmLimits,
): Promise<ReleaseResult> {
  try {
    const texts = chartTexts(files.files, files.sourceOf);
    const layers = [chartLayer(files), ...files.layers];
    const marks = marksOf(plan, texts);
    const secrets = secretsOf(texts, layers, marks);
    const told = (end: ChildEnd, clean: (text: string) => string) =>
      notRendered(end, helmWords(clean(end.stderr), texts, secrets), plan.source);
    const first = await pool.run(() => runOnce(plan, files, capabilities, program, limits));
    if (first.end.by !== 'itself' || first.end.exitCode !== 0) return told(first.end, first.clean);
    const second = await pool.run(() => runOnce(plan, files, capabilities, program, limits));
    if (second.end.by !== 'itself' || second.end.exitCode !== 0) return told(second.end, second.clean);
    const [one, other] = [first, second].map(({ end }) => readPrinted(end.stdout.toString('utf8')));
    if (one === undefined || other === undefined) throw new Error('helm ran, and printed nothing');
    if (one.objects.length + one.hooks.length + one.problems.length === 0)
      return { failure: new Failure('HF1801', nothing, { where: plan.source }), passing: false };
    const calls = unsteadyCalls(texts);
    const places = new FieldPlaces(texts, layers, plan.source);
    return {
      chart: files.chart,
      ...contentOf(files, layers[0]?.values ?? {}),
      defaults: layers[0]?.values ?? {},
      hasInner: texts.values.length > 1 || [...files.files.keys()].some(path => path.startsWith('charts/')),
      values: merged(files.layers),
      objects: compared(one, other, places, calls),
      hooks: hooksOf(one, other, places, calls),
      problems: one.problems.map(({ template, message }) => ({
        message,
        source: texts.texts.get(template)?.source ?? plan.source,
      })),
      secrets,
      secretsIn: values => secretTexts(values, marks),
      placeOf: (object, path, value) => places.ofField(object, path, value),
    };
  } catch (error) {
    const { code, message } = toFailure(error, 'HF1801');
    const passing = code !== 'HF1806';
    return { failure: new Failure(code, message, { where: plan.source, cause: error }), passing };
  }
}

const nothing = 'it renders to no object at all, which is not taken to mean that nothing should be there';

async function runOnce(
  plan: ReleasePlan,
  files: ReleaseFiles,
  capabilities: Capabilities,
  program: HelmProgram,
  limits: ChildLimits,
): Promise<{ end: ChildEnd; clean: (text: string) => string }> {
  const { files: copies, args } = installable(plan, files);
  const workspace = await createWorkspace(copies);
  try {
    const { name, namespace, definition } = plan;
    const crds = definition.helm?.crds === false ? [] : ['--include-crds'];
    const all = [
      'template',
      name,
      ...args,
      '--namespace',
      namespace,
      ...crds,
      ...capabilityArgs(capabilities),
    ];
    const environment = helmEnvironment(workspace, limits);
    const end = await runChild(program.path, all, { folder: workspace.tree, environment }, limits);
    return { end, clean: workspace.clean };
  } finally {
    await workspace.remove();
  }
}

/** What the second rendering has otherwise, or not at all, is not the same each time. Of twins the first is that of the first. */
function compared(
  one: Printed,
  other: Printed,
  places: FieldPlaces,
  calls: ReturnType<typeof unsteadyCalls>,
): RenderedObject[] {
  const again = Map.groupBy(other.objects, printedKey);
  return one.objects.map(object => {
    const twin = again.get(printedKey(object))?.shift();
    return {
      ...object,
      source: places.ofObject(object),
      isDefinition: /^[^/]+\/(?:charts\/[^/]+\/)*crds\//.test(object.template),
      unsteady: twin === undefined ? [[]] : unsteadyPlaces(object, twin),
      calls: calls.get(object.template) ?? [],
    };
  });
}

function hooksOf(
  one: Printed,
  other: Printed,
  places: FieldPlaces,
  calls: ReturnType<typeof unsteadyCalls>,
): RenderedHook[] {
  const again = new Map(other.hooks.map(hook => [printedKey(hook), hook.hash]));
  return one.hooks.map(hook => ({
    ...hook,
    source: places.ofObject(hook),
    named: again.has(printedKey(hook)),
    steady: again.get(printedKey(hook)) === hook.hash && (calls.get(hook.template) ?? []).length === 0,
  }));
}

function unsteadyPlaces(object: PrintedObject, twin: PrintedObject): Place[] {
  return object.hash === twin.hash ? [] : differing(object.object, twin.object);
}

function chartLayer({ files, sourceOf }: ReleaseFiles): ValuesLayer {
  const { source, plain } = sourceOf('values.yaml');
  const empty: ValuesLayer = { values: {}, placeOf: () => source };
  const bytes = files.get('values.yaml');
  if (bytes === undefined) return empty;
  try {
    const layer = readValues(bytes, source.file);
    return plain ? layer : { ...layer, placeOf: () => source };
  } catch {
    // helm says what is wrong with it
    return empty;
  }
}

/** What tells the secret ones among values, by the schemas of all charts and by holdfast.yaml. */
function marksOf({ definition }: ReleasePlan, texts: ChartTexts): SecretMarks {
  const schemas = texts.schemas.flatMap(({ scope, bytes }): ScopedSchema[] => {
    try {
      return [{ scope, schema: JSON.parse(bytes.toString('utf8')) }];
    } catch {
      // helm says what is wrong with it
      return [];
    }
  });
  return { schemas, globs: definition.helm?.secretValues ?? [] };
}

/** Of the values that the charts come with, and of each layer: also what a later one replaces is not to be shown. */
function secretsOf(texts: ChartTexts, layers: readonly ValuesLayer[], marks: SecretMarks): string[] {
  const inner = texts.values.flatMap(({ scope, bytes }) =>
    readDocuments(bytes, 'last').flatMap(document => {
      if (isProblem(document) || !isMap(document.value)) return [];
      return [scope.reduceRight<JsonObject>((values, key) => ({ [key]: values }), document.value)];
    }),
  );
  const all = [...inner, ...layers.map(({ values }) => values)];
  return [...new Set(all.flatMap(values => secretTexts(values, marks)))];
}

/** What of a chart the record of a release holds as well, and a hash of all that its templates may take in. */
function contentOf(
  { files }: ReleaseFiles,
  defaults: JsonObject,
): Pick<ReleaseRendering, 'templates' | 'files' | 'lock' | 'content'> {
  const all = [...files]
    .filter(([path]) => !isProse(path))
    .map(([path, bytes]): [string, string] => [path, hash('sha256', withoutMark(bytes), 'hex')]);
  const lockFile = files.get('Chart.lock') ?? files.get('requirements.lock') ?? Buffer.alloc(0);
  const [lock] = readDocuments(lockFile, 'last');
  const digest = lock === undefined || isProblem(lock) ? undefined : valueAt(lock.value, ['digest']);
  // a comment in the values changes nothing
  const material = all.filter(([path]) => path !== 'values.yaml').sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    templates: new Map(all.filter(([path]) => path.startsWith('templates/'))),
    files: new Map(all.filter(([path]) => !/^(templates|charts)\//.test(path))),
    lock: typeof digest === 'string' ? digest : undefined,
    content: hashText(JSON.stringify([defaults, material])),
  };
}

/** Helm takes a byte order mark away. */
function withoutMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? bytes.subarray(3) : bytes;
}

function notRendered(end: ChildEnd, words: ReturnType<typeof helmWords>, fallback: Source): NotRendered {
  const failed = (
    code: 'HF1801' | 'HF1802' | 'HF1806',
    what: string,
    passing: boolean,
    where = fallback,
  ) => ({
    failure: new Failure(code, what, { where }),
    passing,
  });
  switch (end.by) {
    case 'time':
      return failed('HF1806', 'rendering took longer than a minute and was ended', true);
    case 'output':
      return failed('HF1806', 'rendering gives more than may be (64 MiB) and was ended', false);
    case 'memory':
      return failed('HF1806', 'rendering needs more memory than it may have (2 GiB) and was ended', false);
    case 'start':
      return failed('HF1801', 'helm could not be started', true);
    case 'signal':
    case 'itself':
      if (end.exitCode === null) return failed('HF1801', 'helm was ended from outside', true);
      if (words.missing !== undefined) return failed('HF1802', `not in charts/: ${words.missing}`, false);
      if (words.endless)
        return failed('HF1806', `a template calls itself without end: ${words.text}`, false, words.source);
      return failed('HF1801', `helm says: ${words.text}`, false, words.source);
  }
}

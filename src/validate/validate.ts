import type { Declaration, DeclaredObject, DeclaredUnit } from '../declared/declaration.ts';
import { declarationFinding } from '../declared/units/findings.ts';
import type { FailureCode } from '../failure/codes.ts';
import { Failure } from '../failure/failure.ts';
import type { Comparison, Finding, Note, Source } from '../findings/finding.ts';
import { verdictOf } from '../findings/verdict.ts';
import type { JsonObject } from '../json/json.ts';
import { pointerOf, valueAt } from '../json/value.ts';
import { validateInfrastructure } from './infrastructure.ts';
import { type JudgeContext, type Judgement, judge } from './judge.ts';
import { KnownKinds } from './kinds.ts';
import type { LineOf } from './lines.ts';
import type { SchemaPack } from './pack/pack.ts';
import { reportPath } from './places.ts';
import type { Minor } from './version.ts';

export interface ValidateOptions {
  pack: SchemaPack;
  /** The version of Kubernetes to judge for. */
  minor: Minor;
  /** Objects beside the declared ones that may define custom resources. */
  definitions: readonly JsonObject[];
  /** Objects of kinds that nothing here knows are noted, and are no findings. */
  ignoreUnknownKinds: boolean;
}

/** Lines of fields, by file; undefined for a file that cannot be looked into. Asked only where something is wrong. */
export type LinesIn = (file: string) => Promise<LineOf | undefined>;

/** How many problems of one object are listed. */
const mostListed = 20;

/**
 * Judges the declarations alone: what is wrong with the files, and each object against the schema of its kind. Definitions are
 * taken from all units of the declaration, also from those that are not judged. No cluster is asked and nothing is applied.
 */
export async function validate(
  declaration: Declaration,
  units: readonly DeclaredUnit[],
  linesIn: LinesIn,
  options: ValidateOptions,
): Promise<Comparison[]> {
  const declared = declaration.units.flatMap(unit =>
    [...unit.objects, ...(unit.hooks ?? [])].map(({ object }) => object),
  );
  const kinds = new KnownKinds(options.pack, [...declared, ...options.definitions]);
  const context = { pack: options.pack, kinds, minor: options.minor };
  const comparisons: Comparison[] = [];
  const lines = lastKept(linesIn);
  for (const unit of units) {
    comparisons.push(
      unit.definition.driver === 'kubernetes' || unit.definition.driver === 'helm'
        ? await validateUnit(unit, context, lines, options)
        : await validateInfrastructure(unit),
    );
  }
  return comparisons;
}

/** Findings of one file follow each other, so the last file is kept. */
function lastKept(linesIn: LinesIn): LinesIn {
  let last: { file: string; lines: Promise<LineOf | undefined> } | undefined;
  return file => {
    if (last?.file !== file) last = { file, lines: linesIn(file) };
    return last.lines;
  };
}

async function validateUnit(
  unit: DeclaredUnit,
  context: JudgeContext,
  linesIn: LinesIn,
  { ignoreUnknownKinds }: ValidateOptions,
): Promise<Comparison> {
  const started = performance.now();
  const findings: Finding[] = [...unit.findings];
  const notes: Note[] = [...foreignNotes(unit), ...(unit.release?.notes ?? [])];
  let valid = 0;
  const declarations = [...unit.objects, ...(unit.hooks ?? [])];
  for (const declared of declarations) {
    const judgement = judge(declared, context);
    for (const { code, what } of notesOf(judgement, ignoreUnknownKinds))
      notes.push(noteOn(unit, declared, code, what));
    const finding =
      judgement.problems.length > 0
        ? await misfit(unit, declared, judgement, context, linesIn)
        : otherFinding(unit, declared, judgement, ignoreUnknownKinds);
    if (finding === undefined) valid += 1;
    else findings.push(finding);
  }
  const { name, driver } = unit.definition;
  return {
    unit: name,
    driver,
    verdict: verdictOf(findings),
    resources: { declared: declarations.length, inSync: valid },
    findings,
    ...(notes.length === 0 ? {} : { notes }),
    elapsedMs: Math.round(performance.now() - started),
  };
}

function otherFinding(
  unit: DeclaredUnit,
  { ref, source }: DeclaredObject,
  { notServed, unknown }: Judgement,
  ignoreUnknownKinds: boolean,
): Finding | undefined {
  const { name } = unit.definition;
  if (notServed !== undefined) return declarationFinding(name, 'invalid', 'HF1122', notServed, source, ref);
  if (unknown === undefined || (unknown.kind === 'no-schema' && ignoreUnknownKinds)) return undefined;
  const code = unknown.kind === 'no-schema' ? 'HF1124' : 'HF1121';
  return declarationFinding(name, 'unknown', code, unknown.what, source, ref);
}

/** Of what is rendered: the line of the values or of the template that sets the field; the file itself is a template. */
function renderedPlace(
  { release }: DeclaredUnit,
  { ref, object }: DeclaredObject,
  path: readonly string[],
): Source | undefined {
  const rendered = release?.rendering?.objects.find(
    ({ identity }) => identity.kind === ref.kind && identity.name === ref.name,
  );
  if (rendered === undefined) return undefined;
  return release?.rendering?.placeOf(rendered, pointerOf(path), valueAt(object, path));
}

async function misfit(
  unit: DeclaredUnit,
  declared: DeclaredObject,
  { problems }: Judgement,
  { kinds, pack }: JudgeContext,
  linesIn: LinesIn,
): Promise<Finding> {
  const { ref, source, object } = declared;
  const known = kinds.find(ref.apiVersion, ref.kind);
  const lineOf = unit.release === undefined ? await linesIn(source.file) : undefined;
  const listed = problems.slice(0, mostListed).map(({ path, what }) => {
    const line = lineOf?.(declared, path) ?? source.line;
    const plain: Source = { file: source.file, ...(line === undefined ? {} : { line }) };
    const place = renderedPlace(unit, declared, path) ?? plain;
    return {
      path: known === undefined ? '' : reportPath(path, object, known, pack),
      message: what,
      source: place,
    };
  });
  const rest = problems.length - listed.length;
  const count = problems.length === 1 ? 'one field' : `${problems.length} fields`;
  const words = `${count} of it ${problems.length === 1 ? 'does' : 'do'} not fit the schema of ${ref.kind} in ${ref.apiVersion}${
    rest > 0 ? `; the first ${mostListed} are listed` : ''
  }`;
  const first = listed[0]?.source ?? source;
  return {
    ...declarationFinding(unit.definition.name, 'invalid', 'HF1121', words, first, ref),
    problems: listed,
  };
}

/** What was passed over because it is not for the cluster, by kind of file. */
function foreignNotes({ definition, notObjects = [] }: DeclaredUnit): Note[] {
  if (notObjects.length === 0) return [];
  const counts = new Map<string, number>();
  for (const { reason } of notObjects) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const words = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, count]) => `${count} × ${reason}`);
  return [
    {
      unit: definition.name,
      resource: { type: 'Unit', name: definition.name },
      message: `passed over what is not for the cluster: ${words.join(', ')}`,
    },
  ];
}

function notesOf(
  { note, unknown }: Judgement,
  ignoreUnknownKinds: boolean,
): { code: FailureCode; what: string }[] {
  const passedOver = unknown?.kind === 'no-schema' && ignoreUnknownKinds;
  return [
    ...(note === undefined ? [] : [note]),
    ...(passedOver ? [{ code: 'HF1124' as const, what: unknown.what }] : []),
  ];
}

function noteOn(unit: DeclaredUnit, { ref, source }: DeclaredObject, code: FailureCode, what: string): Note {
  const { line } = new Failure(code, what, { where: source });
  return { unit: unit.definition.name, resource: ref, source, code, message: line };
}

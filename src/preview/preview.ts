import type { Holds } from '../converge/freeze/holds-now.ts';
import type { Declaration, DeclaredUnit } from '../declared/declaration.ts';
import { type DeclaredResources, declaredResources, isReadOffline } from '../drivers/declared-resources.ts';
import { Failure, toFailure } from '../failure/failure.ts';
import type { Finding } from '../findings/finding.ts';
import { sortFindings } from '../findings/verdict.ts';
import { sortedKeys } from '../report/report.ts';
import { hookPreviews } from './hooks.ts';
import type { LiveSource } from './live.ts';
import type { LiveView } from './live-view.ts';
import {
  type Effect,
  type Live,
  type Preview,
  previewVersion,
  type ResourcePreview,
  type UnitPreview,
} from './model.ts';
import { type UnitSides, withMoves } from './moved.ts';
import { offlineProblems } from './offline.ts';
import { riskRank } from './risk.ts';
import type { OfflineKinds } from './shapes.ts';
import { type Side, sidesOf } from './sides.ts';
import { previewUnit, type UnitInput } from './unit.ts';
import { waitingOf } from './waiting.ts';

export interface PreviewInput {
  base: Declaration;
  head: Declaration;
  /** The kinds that either side knows: the built-in ones and those of both sides' definitions. */
  kinds: OfflineKinds;
  live: LiveSource | { reason: string };
  /** RFC 3339. */
  comparedAt: string;
  environment?: string | undefined;
  /** What is held by hand; absent where that was not asked. */
  holds?: Holds | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * What merging the head would change, compared with the base and, where live can be asked, with live. Only units whose
 * declaration differs are asked about. What fails concerns its unit alone. Throws HF1206 for a plain folder.
 */
export async function preview(input: PreviewInput): Promise<Preview> {
  const { base, head, comparedAt, environment } = input;
  if (base.revision === null || head.revision === null)
    throw new Failure('HF1206', 'only revisions can be previewed, not a plain folder');
  const units: UnitPreview[] = [];
  const resources: ResourcePreview[] = [];
  const failures: Finding[] = [];
  const sides: UnitSides[] = [];
  for (const pair of pairs(base, head)) {
    const { found, wrong, declares } = await previewPair(input, pair);
    if (declares !== undefined) sides.push(declares);
    units.push(found.unit);
    resources.push(...found.resources);
    failures.push(...wrong);
  }
  return {
    apiVersion: previewVersion,
    kind: 'Preview',
    base: base.revision,
    head: head.revision,
    ...(environment === undefined ? {} : { environment }),
    live: liveOf(input.live),
    comparedAt,
    ...notesOf(input.holds),
    units,
    resources: inReviewersOrder(withMoves(resources, sides, !('reason' in input.live))),
    failures: sortFindings(failures).map(sortedKeys),
  };
}

function notesOf(holds: Holds | undefined): Pick<Preview, 'notes'> {
  return holds !== undefined && 'unknown' in holds
    ? { notes: [`whether somebody holds a unit by hand is not known: ${holds.unknown}`] }
    : {};
}

/** The preview where one side cannot be read as a whole: it says that, and why, and nothing else. */
export function unreadablePreview(what: {
  base: string;
  head: string;
  environment?: string | undefined;
  comparedAt: string;
  unreadable: { side: 'base' | 'head'; finding: Finding };
}): Preview {
  const { base, head, environment, comparedAt, unreadable } = what;
  return {
    apiVersion: previewVersion,
    kind: 'Preview',
    base,
    head,
    ...(environment === undefined ? {} : { environment }),
    live: { from: 'none', reason: `the ${unreadable.side} cannot be read` },
    comparedAt,
    unreadable: unreadable.side,
    units: [],
    resources: [],
    failures: [sortedKeys(unreadable.finding)],
  };
}

function liveOf(live: PreviewInput['live']): Live {
  return 'reason' in live ? { from: 'none', reason: live.reason } : { from: live.from };
}

/** The same bytes each time: most dangerous first, then by unit and resource. */
function inReviewersOrder(resources: readonly ResourcePreview[]): ResourcePreview[] {
  return resources
    .map(resource => ({
      resource: { ...resource, fields: resource.fields.map(sortedKeys) },
      key: [
        String(riskRank(resource)).padStart(3, '0'),
        resource.unit,
        JSON.stringify(sortedKeys(resource.resource)),
      ].join('\0'),
    }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ resource }) => resource);
}

interface Pair {
  name: string;
  base: DeclaredUnit | undefined;
  head: DeclaredUnit | undefined;
  effect: Effect;
}

function pairs(base: Declaration, head: Declaration): Pair[] {
  const [before, after] = [byName(base), byName(head)];
  return [...new Set([...before.keys(), ...after.keys()])].sort().map(name => {
    const [old, now] = [before.get(name), after.get(name)];
    const effect =
      now === undefined
        ? 'removed'
        : old === undefined
          ? 'added'
          : old.hash === now.hash
            ? 'unaffected'
            : 'changed';
    return { name, base: old, head: now, effect };
  });
}

function byName({ units }: Declaration): Map<string, DeclaredUnit> {
  return new Map(units.map(unit => [unit.definition.name, unit]));
}

async function previewPair(
  input: PreviewInput,
  pair: Pair,
): Promise<{ found: ReturnType<typeof previewUnit>; wrong: Finding[]; declares?: UnitSides }> {
  const { name, effect } = pair;
  const driver = (pair.head ?? pair.base)?.definition.driver ?? 'kubernetes';
  const blank = { name, driver, effect, kinds: input.kinds, problems: [], notes: [] };
  if (effect === 'unaffected') {
    const declared = pair.head?.objects.length ?? 0;
    const unit = {
      name,
      driver,
      effect,
      resources: { declared, unchanged: declared },
      problems: [],
      notes: [],
    };
    return { found: { unit, resources: [] }, wrong: [] };
  }
  const opaque = isOpaque(pair.head) || isOpaque(pair.base);
  const [before, after] = await Promise.all([
    sideOf(pair.base, input.base, input),
    sideOf(pair.head, input.head, input),
  ]);
  const waiting = waitingOf(name, input.head, input.holds, input.comparedAt);
  const unit: UnitInput = {
    ...blank,
    base: before.sides,
    head: after.sides,
    problems: [
      ...(pair.base === undefined ? [] : before.problems.map(words => `the base: ${words}`)),
      ...after.problems,
    ],
    notes: [...new Set([...waiting.notes, ...before.notes, ...after.notes])],
    opaque,
    mode: waiting.mode,
    frozen: waiting.frozen,
  };
  const unreadable = before.unreadable === true || after.unreadable === true;
  const sides = { base: unreadable ? nothing : before.sides, head: unreadable ? nothing : after.sides };
  // what only a plan tells whole is told by it, where there is one, and else by its files
  const live = await liveView(input, pair, opaque ? { ...unit, base: nothing, head: nothing } : unit);
  const told =
    opaque && live.live?.plan === undefined && sides.base.size + sides.head.size > 0
      ? { ...unit, ...live, ...sides, ...byFiles(live, unit), live: undefined, opaque: undefined }
      : { ...unit, ...live, ...(opaque ? { base: nothing, head: nothing } : sides) };
  const offline = live.live === undefined ? await offlineProblems(pair.head, input.head, sides) : undefined;
  const found = withHooks(previewUnit({ ...told, offline }), pair, input.kinds);
  return { found, wrong: after.findings, declares: { unit: name, ...sides } };
}

function withHooks(
  { unit, resources }: ReturnType<typeof previewUnit>,
  { base, head }: Pair,
  kinds: OfflineKinds,
): ReturnType<typeof previewUnit> {
  const hooks = hookPreviews(base, head, kinds);
  return {
    unit: { ...unit, notes: [...unit.notes, ...hooks.notes] },
    resources: [...resources, ...hooks.resources],
  };
}

const nothing: ReadonlyMap<string, Side> = new Map();

/** What is said where a unit is told by its files, though live was asked and no plan could be made. */
function byFiles({ live }: { live?: LiveView }, { problems, notes }: UnitInput): Partial<UnitInput> {
  if (live === undefined) return {};
  const differing = live.head.findings.filter(({ type }) => type !== 'unknown').length;
  return {
    problems:
      live.unplanned === undefined ? problems : [...problems, `it cannot be planned: ${live.unplanned}`],
    notes: [
      ...notes,
      ...(differing === 0 ? [] : [`live differs from the head in ${differing} of its resources`]),
    ],
  };
}

/** Whether nothing but live can tell what a unit declares. */
function isOpaque(unit: DeclaredUnit | undefined): boolean {
  return unit !== undefined && !isReadOffline(unit.definition.driver);
}

interface ReadSide {
  sides: ReadonlyMap<string, Side>;
  findings: Finding[];
  problems: string[];
  notes: string[];
  /** That it has no resources means nothing. */
  unreadable?: true | undefined;
}

async function sideOf(
  unit: DeclaredUnit | undefined,
  declaration: Declaration,
  { kinds, signal }: PreviewInput,
): Promise<ReadSide> {
  const none = { sides: nothing, findings: [], problems: [], notes: [] };
  if (unit === undefined) return none;
  const reading = declaredResources(unit, declaration, signal);
  if (reading === undefined) return none;
  try {
    const { resources, findings, notes = [], unreadable }: DeclaredResources = await reading;
    return { sides: sidesOf(resources, unit, kinds), findings, problems: [], notes, unreadable };
  } catch (error) {
    return { ...none, problems: [toFailure(error, 'HF1106').line], unreadable: true };
  }
}

/** What live says, or why it cannot be told; never thrown, so that one unit hides no other. */
async function liveView(
  { live, base, head, signal }: PreviewInput,
  pair: Pair,
  unit: UnitInput,
): Promise<{ live?: LiveView; problems?: string[]; notes?: string[] }> {
  if ('reason' in live) return {};
  const removedKeys = new Set([...unit.base.keys()].filter(key => !unit.head.has(key)));
  try {
    const view = await live.view({ ...pair, declarations: { base, head }, removedKeys, signal });
    if (view !== undefined && !('reason' in view)) return { live: view };
    const driver = (pair.head ?? pair.base)?.definition.driver;
    const why = view?.reason ?? `units of the driver ${driver} are not compared with live here`;
    return { notes: [...unit.notes, why] };
  } catch (error) {
    return { problems: [...unit.problems, toFailure(error, 'HF1307').line] };
  }
}

import type { DriftRow } from '../../../aws/stacks.ts';
import type { Exemption, FieldChange, NamedRef } from '../../../findings/finding.ts';
import type { Json, JsonObject } from '../../../json/json.ts';
import { isMap, pathOf, pointerOf } from '../../../json/value.ts';
import { classify } from '../live/classify.ts';
import { compareModel, type ModelChange } from '../live/compare.ts';
import { known } from '../live/known.ts';
import type { ResourceType } from '../live/types.ts';
import type { Place } from '../live/words.ts';
import type { EvaluatedResource } from '../template/evaluate.ts';
import { holdsSecret, isSecret } from './secrets.ts';

/** What is known of one resource of a stack. */
export interface Subject {
  ref: NamedRef;
  type: ResourceType;
  place: Place;
  physicalId: string;
  declared: EvaluatedResource;
  /** Undefined when it could not be read. */
  live: JsonObject | undefined;
  row: DriftRow | undefined;
  secrets: ReadonlySet<string>;
}

/** How a resource differs from its declaration, and what was left out, with the reason. */
export interface Verdict {
  changes: FieldChange[];
  exempt: Exemption[];
  /** Which of the comparisons found something. */
  by: Set<'drift detection' | 'live model'>;
}

/** Joins what drift detection and the live model say of one resource. Pure. */
export function judgeResource(subject: Subject): Verdict {
  const verdict: Verdict = { changes: [], exempt: [], by: new Set() };
  if (subject.live !== undefined) judgeModel(subject, subject.live, verdict);
  if (subject.row?.StackResourceDriftStatus === 'MODIFIED') judgeRow(subject, subject.row, verdict);
  verdict.changes.sort((a, b) => (a.path < b.path ? -1 : 1));
  return verdict;
}

function judgeModel(subject: Subject, live: JsonObject, verdict: Verdict): void {
  const { type, place, declared, physicalId, ref } = subject;
  const by = { shape: type.shape, place, known };
  const { changes, unread } = compareModel(declared.properties, live, by);
  for (const { path, reason } of unread)
    verdict.exempt.push({
      resource: ref,
      path: pointerOf(path),
      rule: `${reason}: AWS does not tell its live value`,
    });
  for (const change of changes) {
    if (change.op !== 'added') {
      note(subject, change, 'live model', verdict);
      continue;
    }
    for (const extra of classify(change, { ...by, logicalId: declared.logicalId, physicalId })) {
      if (extra.origin === 'real') note(subject, extra, 'live model', verdict);
      else verdict.exempt.push({ resource: ref, path: pointerOf(extra.path), rule: rules[extra.origin] });
    }
  }
}

const rules = {
  default: 'the default of AWS',
  managed: 'made or chosen by AWS',
  presumed: 'presumed to be set by AWS: nothing is known of the property, and nothing speaks for a person',
};

/**
 * A difference that drift detection tells counts when the expected and actual properties really differ by the rules for live
 * models. Else it is one of its known mistakes: tags of the stack on types without tags, create-only and response-only
 * properties that are REMOVEd, another order of policies, booleans as texts.
 */
function judgeRow(subject: Subject, row: DriftRow, verdict: Verdict): void {
  const { type, place, ref } = subject;
  const [expected, actual] = [jsonOf(row.ExpectedProperties), jsonOf(row.ActualProperties)];
  const { changes, unread } = compareModel(expected, actual, { shape: type.shape, place, known });
  const told = new Set(verdict.changes.map(({ path }) => path));
  for (const { PropertyPath, DifferenceType, ExpectedValue, ActualValue } of row.PropertyDifferences) {
    const real = changes.find(({ path }) => touches(path, pathOf(PropertyPath)));
    const skipped = unread.find(({ path }) => touches(path, pathOf(PropertyPath)));
    const tags = !type.taggable && /^\/Tags\b/.test(PropertyPath) && isStackTag(ExpectedValue, place);
    if (real === undefined || tags) {
      const rule = tags
        ? 'tags of the stack on a type that takes no tags'
        : `drift detection alone: ${skipped?.reason ?? 'the values are the same'}`;
      verdict.exempt.push({ resource: ref, path: PropertyPath, rule });
      continue;
    }
    verdict.by.add('drift detection');
    if ([...told].some(path => touches(pathOf(path), pathOf(PropertyPath)))) continue;
    const op = DifferenceType === 'ADD' ? 'added' : DifferenceType === 'REMOVE' ? 'removed' : 'changed';
    const values = { declared: parsed(ExpectedValue), live: parsed(ActualValue) };
    note(subject, { path: pathOf(PropertyPath), pattern: [], op, ...values }, 'drift detection', verdict);
  }
}

function note(
  subject: Subject,
  change: ModelChange,
  by: 'drift detection' | 'live model',
  verdict: Verdict,
): void {
  verdict.by.add(by);
  const { path, op, declared, live } = change;
  const secret = isSecret(path) || [declared, live].some(value => holdsSecret(value, subject.secrets));
  verdict.changes.push({
    path: pointerOf(path),
    op,
    ...(secret
      ? { redacted: true }
      : {
          ...(op === 'added' || declared === undefined ? {} : { declared }),
          ...(op === 'removed' || live === undefined ? {} : { live }),
        }),
  });
}

function isStackTag(expected: string, place: Place): boolean {
  return Object.keys(place.stackTags ?? {}).some(key => expected.includes(key));
}

function touches(a: readonly string[], b: readonly string[]): boolean {
  const plain = (path: readonly string[]) => path.filter(step => !/^\d+$|=/.test(step));
  const [x, y] = [plain(a), plain(b)];
  return x.slice(0, y.length).join('/') === y.slice(0, x.length).join('/');
}

function jsonOf(text: string | undefined): JsonObject {
  const value = parsed(text ?? '{}');
  return isMap(value) ? value : {};
}

/** Drift detection writes every value as a text. */
function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

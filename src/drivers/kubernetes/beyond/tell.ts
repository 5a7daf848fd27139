import type { Kind } from '../../../cluster/kind.ts';
import { refOf } from '../../../cluster/target.ts';
import type { EarlierObject } from '../../../declared/declaration.ts';
import type { Failure } from '../../../failure/failure.ts';
import type { Exemption, FieldChange, Finding, ObjectRef, Source } from '../../../findings/finding.ts';
import type { Facts } from './facts.ts';
import type { Ground } from './ground.ts';
import { Origins, placeOfFacts, type Sight } from './origins.ts';
import { kindKey, kindTitle, metricsGroup } from './passed-over.ts';

/** What was seen, and what could not be. */
export interface Look {
  rows: readonly Facts[];
  /** What could not be listed; without a namespace in the whole cluster. */
  failures: readonly { kind: Kind; namespace: string | undefined; failure: Failure }[];
}

/** What lives beside what is declared. */
export interface Beyond {
  findings: Finding[];
  exempt: Exemption[];
}

/** Tells what is orphaned and unmanaged of a unit; `isSettled` says of an object that it is not just being made. */
export function tell(ground: Ground, look: Look, isSettled: (row: Facts) => boolean = () => true): Beyond {
  const sight: Sight = {
    rows: look.rows,
    isListed: (kind, namespace) =>
      !look.failures.some(
        failed => kindKey(failed.kind) === kindKey(kind) && [undefined, namespace].includes(failed.namespace),
      ),
  };
  const origins = new Origins(ground, sight);
  const unmanaged = ground.managed.length === 0 ? [] : unmanagedOf(ground, look, origins, isSettled);
  return {
    findings: [...orphansOf(ground, look, origins), ...unmanaged, ...unseen(ground, look)],
    exempt: exemptOf(ground, look, origins),
  };
}

function orphansOf(ground: Ground, look: Look, origins: Origins): Finding[] {
  const { name } = ground.unit.definition;
  const found = look.rows.flatMap(row => {
    const earlier = ground.candidates.get(placeOfFacts(row))?.earlier;
    return earlier?.unit === name && origins.isOrphan(row) ? [orphaned(row, earlier)] : [];
  });
  const unknown = [...ground.candidates.values()].flatMap(({ earlier, target }): Finding[] => {
    const failed = look.failures.find(
      ({ kind, namespace }) =>
        kindKey(kind) === kindKey(target.kind) && [undefined, target.namespace].includes(namespace),
    );
    if (earlier.unit !== name || failed === undefined) return [];
    const { code, message } = failed.failure;
    const words = `${code} ${message}; whether it still lives is not known`;
    const resource = refOf(target);
    const source = sourceOf(earlier);
    return [{ unit: name, type: 'unknown', resource, source, message: words, code, origin: 'cluster' }];
  });
  return [...found, ...unknown];
}

function orphaned(row: Facts, earlier: EarlierObject): Finding {
  const holders = row.managers.slice(0, 5).join(', ');
  const words = [
    `last declared in revision ${earlier.revision.slice(0, 7)}`,
    ...(holders === '' ? [] : [`its fields are held by ${holders}`]),
    ...(row.deleting ? ['it is being deleted'] : []),
  ];
  return {
    unit: earlier.unit,
    type: 'orphaned',
    resource: refOfFacts(row),
    source: sourceOf(earlier),
    changes: [made(row)],
    message: words.join('; '),
  };
}

function sourceOf({ source, revision }: EarlierObject): Source {
  return { ...source, revision };
}

function unmanagedOf(
  ground: Ground,
  look: Look,
  origins: Origins,
  isSettled: (row: Facts) => boolean,
): Finding[] {
  const { unit, doubt } = ground;
  if (doubt !== undefined)
    return ground.managed.map(namespace => doubtful(unit.definition.name, namespace, doubt));
  const listable = new Set(ground.listable.map(kindKey));
  const namespaces = new Set(ground.managed);
  return look.rows.flatMap((row): Finding[] => {
    const here = namespaces.has(row.namespace) && listable.has(kindKey(row.kind));
    if (!here || origins.explains(row) || origins.mayBelong(row) || !isSettled(row)) return [];
    const words = [
      ...row.owners
        .slice(0, 3)
        .map(({ kind, name }) => `owned by ${kind} ${name}, which is declared nowhere`),
      ...(row.deleting ? ['it is being deleted'] : []),
    ];
    return [
      {
        unit: unit.definition.name,
        type: 'unmanaged',
        resource: refOfFacts(row),
        changes: [made(row)],
        ...(words.length > 0 && { message: words.join('; ') }),
      },
    ];
  });
}

/** When it was made, and by whom as far as managedFields tell. */
function made({ createdAt, first }: Facts): FieldChange {
  return {
    path: '/metadata/creationTimestamp',
    op: 'added',
    live: createdAt,
    ...(first !== undefined && { by: first }),
  };
}

function doubtful(unit: string, namespace: string, doubt: Finding): Finding {
  const why = (doubt.message ?? '').replace(/^HF\d{4} /, '');
  const code = doubt.code ?? 'HF1105';
  return {
    unit,
    type: 'unknown',
    resource: { type: 'Namespace', name: namespace },
    message: `${code} what lives there and is declared nowhere is not known while not all declarations can be read: ${why}`,
    code,
    origin: 'declaration',
  };
}

/** Kinds of which it is not known what lives in the managed namespaces, each once. */
function unseen(ground: Ground, look: Look): Finding[] {
  const unit = ground.unit.definition.name;
  const about = (name: string, code: Failure['code'], message: string): Finding => ({
    unit,
    type: 'unknown',
    resource: { type: 'Kind', name },
    message: `${code} ${message}; what of it is declared nowhere is not known`,
    code,
    origin: 'cluster',
  });
  if (ground.managed.length === 0) return [];
  const listable = new Set(ground.listable.map(kindKey));
  const kinds = new Map<string, Finding>();
  for (const { kind, namespace, failure } of look.failures) {
    const here = namespace === undefined || ground.managed.includes(namespace);
    if (!here || !listable.has(kindKey(kind)) || kinds.has(kindKey(kind))) continue;
    kinds.set(kindKey(kind), about(kindTitle(kind), failure.code, failure.message));
  }
  const down = [...ground.kinds.down].filter(
    ([apiVersion]) => !metricsGroup.test(apiVersion.split('/')[0] ?? ''),
  );
  return [
    ...kinds.values(),
    ...down.map(([apiVersion, why]) => about(`any of ${apiVersion}`, 'HF1308', why)),
  ];
}

/** What the table of generated objects left out, in the managed namespaces. */
function exemptOf(ground: Ground, look: Look, origins: Origins): Exemption[] {
  const namespaces = new Set(ground.managed);
  return look.rows.flatMap(row => {
    const { origin, namespace } = row;
    const declared = ground.declared.has(placeOfFacts(row));
    if (origin === undefined || declared || !namespaces.has(namespace) || !origins.explains(row)) return [];
    return [{ resource: refOfFacts(row), rule: origin.rule }];
  });
}

function refOfFacts({ kind, namespace, name }: Facts): ObjectRef {
  return refOf({ kind, namespace, name });
}

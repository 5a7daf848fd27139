import {
  type Attribution,
  type Exemption,
  type FieldChange,
  type FieldProblem,
  type Finding,
  type FindingType,
  isObjectRef,
  type Note,
  resourceTitle,
  type Source,
} from '../findings/finding.ts';

/** What each type of finding says of its resource. */
const saying: Record<FindingType, string> = {
  missing: 'is missing: declared, but not live',
  changed: 'is not as declared',
  undeclared: 'has more than is declared',
  orphaned: 'is live, but no longer declared',
  unmanaged: 'is live in a managed namespace, but declared nowhere',
  invalid: 'cannot be applied as it is declared',
  unknown: 'could not be compared',
};

/** The types of finding in the order of their weight for a reader. */
export const findingTypes: readonly FindingType[] = [
  'unknown',
  'invalid',
  'missing',
  'changed',
  'orphaned',
  'undeclared',
  'unmanaged',
];

/** `Deployment shop/cart is not as declared`. Holds text from outside: escape it. */
export function findingSentence(finding: Finding): string {
  return `${resourceTitle(finding.resource)} ${findingSaying(finding)}`;
}

/** The same without the resource. */
export function findingSaying(finding: Finding): string {
  const file = !isObjectRef(finding.resource) && finding.resource.type === 'File';
  if (finding.code === 'HF1124') return 'could not be checked';
  return file && finding.type === 'invalid' ? 'is not valid' : saying[finding.type];
}

/** `manifests/shop/cart.yaml:14`; undefined where nothing declares the resource. Escape it. */
export function sourceWords({ source }: { source?: Source }): string | undefined {
  if (source === undefined) return undefined;
  const { file, line } = source;
  return line === undefined ? file : `${file}:${line}`;
}

/** `/spec/replicas: it must be an integer, and is a string: "three" (cart.yaml:14)`. Escape it. */
export function problemWords(problem: FieldProblem): string {
  const place = sourceWords(problem);
  const where = problem.path === '' ? '' : `${problem.path}: `;
  return `${where}${problem.message}${place === undefined ? '' : ` (${place})`}`;
}

/** `note: Endpoints shop/cart: HF1123 … (cart.yaml:14)`. Escape it. */
export function noteWords(note: Note): string {
  return `note: ${resourceTitle(note.resource)}: ${note.message}`;
}

/** `left out: Deployment shop/cart /spec/replicas: set through scale (kube-controller-manager)`. Escape it. */
export function leftOutWords({ resource, path, rule, by }: Exemption): string {
  const what = [resourceTitle(resource), ...(path === undefined ? [] : [path])].join(' ');
  return `left out: ${what}: ${rule}${by === undefined ? '' : `, by ${attributionWords(by)}`}`;
}

/** One field in words; nothing in it is escaped or shortened yet. */
export interface ChangeWords {
  path: string;
  declared: string;
  live: string;
  /** Instead of both sides: the value is a secret, and neither side holds anything of it. */
  secret?: string;
  by?: string;
}

export function changeWords(change: FieldChange): ChangeWords {
  const base = { path: change.path, ...(change.by === undefined ? {} : { by: attributionWords(change.by) }) };
  if (change.redacted === true) return { ...base, declared: '', live: '', secret: secretWords[change.op] };
  return {
    ...base,
    declared: change.op === 'added' ? notDeclared : valueWords(change.declared),
    live: change.op === 'removed' ? notLive : valueWords(change.live),
  };
}

const notDeclared = '(not declared)';
const notLive = '(not live)';
const secretWords: Record<FieldChange['op'], string> = {
  changed: 'secret value differs',
  added: 'secret value is live, but not declared',
  removed: 'secret value is declared, but not live',
};

/** A value as one would write it: text as it is unless it could be read as something else, the rest as JSON. */
export function valueWords(value: unknown): string {
  if (value === undefined) return '(not told)';
  if (typeof value !== 'string') return JSON.stringify(value);
  const mistakable =
    value === '' ||
    value !== value.trim() ||
    /^[([{"'\-+.\d]|^(true|false|null|yes|no|on|off|~)$/i.test(value);
  return mistakable ? JSON.stringify(value) : value;
}

/** `kubectl-edit (Update, 2026-08-01T14:02:09Z)`. The name was chosen by the client: escape it. */
export function attributionWords(by: Attribution): string {
  const facts = [
    by.operation,
    by.subresource === undefined ? undefined : `through ${by.subresource}`,
    by.time,
  ];
  const known = facts.filter(fact => fact !== undefined);
  return known.length === 0 ? by.manager : `${by.manager} (${known.join(', ')})`;
}

/** `2 changed, 1 missing`; the empty text for no findings. */
export function countWords(counts: ReadonlyMap<FindingType, number>): string {
  return findingTypes
    .filter(type => (counts.get(type) ?? 0) > 0)
    .map(type => `${counts.get(type)} ${type}`)
    .join(', ');
}

export function countTypes(findings: readonly Finding[]): Map<FindingType, number> {
  const counts = new Map<FindingType, number>();
  for (const { type } of findings) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}

/** `1 finding`, `2 findings`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

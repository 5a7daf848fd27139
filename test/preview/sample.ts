import fc from 'fast-check';
import type { Holds } from '../../src/converge/freeze/holds-now.ts';
import type { Declaration } from '../../src/declared/declaration.ts';
import { declare } from '../../src/declared/declare.ts';
import { hashText } from '../../src/declared/hash.ts';
import type { SourceTree } from '../../src/declared/tree.ts';
import type { JsonObject } from '../../src/json/json.ts';
import type { LiveSource } from '../../src/preview/live.ts';
import type { FieldPreview, Preview, ResourcePreview } from '../../src/preview/model.ts';
import { preview } from '../../src/preview/preview.ts';
import { OfflineKinds } from '../../src/preview/shapes.ts';

export const baseRevision = 'a'.repeat(40);
export const headRevision = 'b'.repeat(40);
export const comparedAt = '2026-08-03T14:02:11.000Z';

/** A revision with these files. */
export function revision(sha: string, files: Readonly<Record<string, string>>): SourceTree {
  return {
    revision: sha,
    files: Object.entries(files)
      .map(([path, text]) => ({ path, content: hashText(text), size: text.length }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
    links: [],
    read: async paths => new Map(paths.map(path => [path, Buffer.from(files[path] ?? '')])),
  };
}

/** The preview of one set of files against another, with live as `live` tells it. */
export async function previewed(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  live?: LiveSource,
  more: { holds?: Holds } = {},
): Promise<Preview> {
  const base = await declare(revision(baseRevision, before));
  const head = await declare(revision(headRevision, after));
  return preview({
    base,
    head,
    kinds: new OfflineKinds(definitions([base, head])),
    live: live ?? { reason: 'a pull request from a fork' },
    comparedAt,
    ...more,
  });
}

function definitions(declarations: readonly Declaration[]): JsonObject[] {
  return declarations
    .flatMap(({ units }) => units.flatMap(({ objects }) => objects.map(({ object }) => object)))
    .filter(({ kind }) => kind === 'CustomResourceDefinition');
}

export function deployment(fields: { replicas?: number; image?: string; cpu?: string } = {}): string {
  const { replicas = 2, image = 'cart:1.2', cpu = '250m' } = fields;
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec:
      containers:
        - { name: web, image: '${image}', resources: { requests: { cpu: ${cpu} } } }
`;
}

export const secret = (value: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata: { name: token, namespace: shop }\nstringData: { password: ${value} }\n`;

export const configMap = (name: string, value = 'b') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: shop }\ndata: { a: ${value} }\n`;

const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '```\n# out\n```',
    '</details><details open>',
    '</article></main><script>',
    '\u001b]0;title\u0007\u001b[2J',
    '\u202egnp.exe',
    '@team <!here> [x](javascript:alert(1))',
    '-->',
  ),
);

const hostileField: fc.Arbitrary<FieldPreview> = fc.record(
  {
    path: hostileText.map(text => `/${text}`),
    why: fc.constantFrom('merge', 'overwrites', 'already', 'reverts'),
    base: hostileText,
    head: fc.oneof(hostileText, fc.jsonValue({ maxDepth: 2 })),
    live: hostileText,
    by: fc.record({ manager: hostileText, time: hostileText }, { requiredKeys: ['manager'] }),
    redacted: fc.boolean(),
  },
  { requiredKeys: ['path', 'why'] },
);

const hostileResource: fc.Arbitrary<ResourcePreview> = fc.record(
  {
    unit: hostileText,
    resource: fc.record({
      apiVersion: hostileText,
      kind: hostileText,
      namespace: hostileText,
      name: hostileText,
    }),
    action: fc.constantFrom('create', 'change', 'recreate', 'remove', 'none'),
    risks: fc.subarray(['removal', 'access', 'secret', 'storage']),
    source: fc.record({ file: hostileText, line: fc.integer({ min: 1, max: 9_999 }) }),
    fields: fc.array(hostileField, { maxLength: 4 }),
    highlights: fc.array(hostileText, { maxLength: 2 }),
    problems: fc.array(hostileText, { maxLength: 2 }),
    notes: fc.array(hostileText, { maxLength: 2 }),
    yaml: hostileText,
  },
  { requiredKeys: ['unit', 'resource', 'action', 'risks', 'fields', 'highlights', 'problems', 'notes'] },
);

/** A preview in which every text is chosen by an attacker. */
export const hostilePreview: fc.Arbitrary<Preview> = fc.record({
  apiVersion: fc.constant('holdfast.dev/v1alpha1' as const),
  kind: fc.constant('Preview' as const),
  base: fc.constant(baseRevision),
  head: fc.constant(headRevision),
  environment: hostileText,
  live: hostileText.map(reason => ({ from: 'none' as const, reason })),
  comparedAt: fc.constant(comparedAt),
  units: fc.array(
    fc.record({
      name: hostileText,
      driver: fc.constant('kubernetes' as const),
      effect: fc.constantFrom('changed', 'added', 'removed', 'unaffected'),
      resources: fc.constant({ declared: 3, unchanged: 1 }),
      problems: fc.array(hostileText, { maxLength: 2 }),
      notes: fc.array(hostileText, { maxLength: 2 }),
    }),
    { maxLength: 3 },
  ),
  resources: fc.array(hostileResource, { maxLength: 4 }),
  failures: fc.array(
    fc.record({
      unit: hostileText,
      type: fc.constant('invalid' as const),
      resource: fc.record({ type: hostileText, name: hostileText }),
      source: fc.record({ file: hostileText, line: fc.constant(3) }),
      message: hostileText,
    }),
    { maxLength: 2 },
  ),
});

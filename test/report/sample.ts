import fc from 'fast-check';
import type { Comparison, FieldChange, Finding } from '../../src/findings/finding.ts';
import { verdictOf } from '../../src/findings/verdict.ts';
import { buildReport, type Report } from '../../src/report/report.ts';

export const revision = 'a1b2c3d4'.repeat(5);
export const comparedAt = '2026-08-03T14:02:11.000Z';

export const imageChange: FieldChange = {
  path: '/spec/template/spec/containers/name=web/image',
  op: 'changed',
  declared: 'cart:1.2',
  live: 'cart:1.3',
  by: { manager: 'kubectl-set', operation: 'Update', time: '2026-08-03T14:02:09Z' },
};

/** A changed Deployment of the unit `shop`, with whatever a test wants otherwise. */
export function finding(partial: Partial<Finding> = {}): Finding {
  return {
    unit: 'shop',
    type: 'changed',
    resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' },
    source: { file: 'manifests/shop/cart.yaml', line: 14 },
    changes: [imageChange],
    ...partial,
  };
}

export function comparison(findings: Finding[], partial: Partial<Comparison> = {}): Comparison {
  const declared = 10;
  return {
    unit: 'shop',
    driver: 'kubernetes',
    verdict: verdictOf(findings),
    resources: { declared, inSync: Math.max(0, declared - findings.length) },
    findings,
    elapsedMs: 12,
    ...partial,
  };
}

export function report(findings: Finding[], partial: Partial<Comparison> = {}): Report {
  return buildReport({ revision, comparedAt, comparisons: [comparison(findings, partial)] });
}

const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '```\n# out\n```',
    '`` ` ``',
    '\u001b]0;title\u0007\u001b[2J',
    '\u202egnp.exe',
    '<!here> @channel <@U1> *b* _i_ ~s~ `c`',
    '</style></details></main>',
  ),
);

const hostileChange: fc.Arbitrary<FieldChange> = fc.record(
  {
    path: hostileText.map(text => `/${text}`),
    op: fc.constantFrom('changed', 'added', 'removed'),
    declared: fc.oneof(hostileText, fc.jsonValue({ maxDepth: 2 })),
    live: fc.oneof(hostileText, fc.jsonValue({ maxDepth: 2 })),
    by: fc.record({ manager: hostileText, operation: hostileText }, { requiredKeys: ['manager'] }),
    redacted: fc.boolean(),
  },
  { requiredKeys: ['path', 'op'] },
);

/** Findings in which every text is chosen by an attacker. */
export const hostileFinding: fc.Arbitrary<Finding> = fc.record(
  {
    unit: fc.constant('shop'),
    type: fc.constantFrom('missing', 'changed', 'undeclared', 'orphaned', 'unmanaged', 'invalid', 'unknown'),
    resource: fc.oneof(
      fc.record({ apiVersion: hostileText, kind: hostileText, namespace: hostileText, name: hostileText }),
      fc.record({ type: hostileText, name: hostileText }),
    ),
    source: fc.record({ file: hostileText, line: fc.nat().map(line => line + 1) }),
    changes: fc.array(hostileChange, { maxLength: 4 }),
    message: hostileText,
  },
  { requiredKeys: ['unit', 'type', 'resource'] },
);

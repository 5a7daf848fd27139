import type { Declaration, DeclaredUnit } from '../../../src/declared/declaration.ts';
import { defaultSettings } from '../../../src/declared/settings.ts';
import type { Comparison, Finding } from '../../../src/findings/finding.ts';
import { verdictOf } from '../../../src/findings/verdict.ts';

export const unitOf = (name: string, hash = 'h1', schedule?: string): DeclaredUnit => ({
  definition: {
    name,
    driver: 'terraform',
    path: `infra-state/${name}`,
    ...(schedule === undefined ? {} : { schedule }),
  },
  objects: [],
  findings: [],
  hash,
});

export const declarationOf = (...units: DeclaredUnit[]): Declaration => ({
  revision: 'a'.repeat(40),
  settings: defaultSettings,
  units,
});

/** A comparison that finds these buckets changed, by name; `!name` is one that could not be compared. */
export function comparisonOf(unit: string, ...names: string[]): Comparison {
  const findings = names.map((name): Finding => {
    if (name === '!')
      return {
        unit,
        type: 'unknown',
        resource: { type: 'Unit', name: unit },
        code: 'HF1002',
        message: 'HF1002 no',
      };
    return {
      unit,
      type: 'changed',
      resource: { type: 'aws_s3_bucket', name },
      changes: [{ path: '/tags/team', op: 'changed', declared: 'a', live: 'b' }],
    };
  });
  const verdict = verdictOf(findings);
  const declared = names.includes('!') ? 0 : 3;
  return {
    unit,
    driver: 'terraform',
    verdict,
    resources: { declared, inSync: Math.max(0, declared - names.length) },
    findings,
    elapsedMs: 1,
  };
}

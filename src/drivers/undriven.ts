import type { DeclaredUnit } from '../declared/declaration.ts';
import type { Comparison } from '../findings/finding.ts';
import { verdictOf } from '../findings/verdict.ts';

/** A unit whose driver this release does not have: it is unknown, never in sync. */
export function undriven(unit: DeclaredUnit): Comparison {
  const { name, driver, path, source } = unit.definition;
  const findings = [
    ...unit.findings,
    {
      unit: name,
      type: 'unknown' as const,
      resource: { type: 'Unit', name },
      source: source ?? { file: path },
      code: 'HF1108' as const,
      origin: 'declaration' as const,
      message: `HF1108 this release cannot compare units of the driver ${driver}`,
    },
  ];
  return {
    unit: name,
    driver,
    verdict: verdictOf(findings),
    resources: { declared: 0, inSync: 0 },
    findings,
    elapsedMs: 0,
  };
}

import type { DeclaredUnit } from '../declared/declaration.ts';
import type { Comparison, Note } from '../findings/finding.ts';
import { sortFindings, verdictOf } from '../findings/verdict.ts';

/**
 * What can be said of an infrastructure unit from its files alone: what it reads and cannot have, and of a playbook what would really run while
 * it is compared. The rest only its own program knows; a note says so, since nothing that was looked at is wrong.
 */
export async function validateInfrastructure(unit: DeclaredUnit): Promise<Comparison> {
  const { name, driver, path, source } = unit.definition;
  const started = performance.now();
  const found = driver === 'ansible' ? await (await import('../drivers/ansible/scan.ts')).scan(unit) : [];
  const findings = sortFindings([...unit.findings, ...found]);
  const note: Note = {
    unit: name,
    resource: { type: 'Unit', name },
    source: source ?? { file: path },
    message: `what it declares is known by asking live: \`holdfast diff --unit ${name}\``,
  };
  return {
    unit: name,
    driver,
    verdict: verdictOf(findings),
    resources: { declared: 0, inSync: 0 },
    findings,
    notes: [note],
    elapsedMs: Math.round(performance.now() - started),
  };
}

import type { Incident } from './incident.ts';
import type { LifeRules } from './life.ts';

/** Codes that say that something is being changed just now, by whomever: it cannot be compared, and nobody need come. */
const underWay: ReadonlySet<string> = new Set(['HF1810', 'HF1921']);

/** How long what is suspected must last before people hear of it, in milliseconds. */
export function lastsMs({ subject }: Incident, rules: LifeRules): number {
  return subject.kind === 'blind' && underWay.has(subject.code) ? rules.busyAfterMs : rules.blindAfterMs;
}

import type { Finding } from '../findings/finding.ts';
import { unsureMark } from './model.ts';

/** Why a resource would fail or cannot be told: by the comparison, else by the plan. */
export function problemsOf(finding: Finding | undefined, refused: string | undefined): string[] {
  if (finding?.type === 'unknown') return [`${unsureMark}: ${finding.message ?? 'no reason was given'}`];
  if (finding?.type === 'invalid') return [`the server would refuse it: ${finding.message ?? ''}`];
  return refused === undefined ? [] : [`it would not be applied: ${refused}`];
}

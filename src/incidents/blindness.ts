import type { FailureCode } from '../failure/codes.ts';
import type { Comparison, Finding } from '../findings/finding.ts';
import type { BlindSubject } from './incident.ts';
import type { Draft } from './life.ts';

/** A source that cannot be asked, in its own words. */
export interface Blindness {
  /** `git`, `forge`, `cluster`, … */
  origin: string;
  code: FailureCode;
  message: string;
}

/** Codes of the cluster that concern single resources: the API server as such answers. */
const partial: ReadonlySet<string> = new Set(['HF1303', 'HF1305', 'HF1306', 'HF1307']);

/** Codes of drivers that concern one unit alone: what state its stack or its release is in. */
const ofOneUnit: ReadonlySet<string> = new Set(['HF1810', 'HF1921', 'HF1932']);

/** The source itself said that it cannot be asked. */
export function observeBlindness(draft: Draft, blindness: Blindness): void {
  const key = `blind/${blindness.origin}`;
  const before = draft.ongoing(key)?.subject;
  const units = before?.kind === 'blind' ? before.units : [];
  draft.observe(key, { kind: 'blind', ...blindness, units, itself: true }, 'suspected');
}

/**
 * Works in what a unit could not compare: its unknown findings, grouped by source, never by resource. An outage of a
 * source and resources that a working source cannot tell of are told apart, so that the second never hides the first.
 */
export function unitSees(draft: Draft, comparison: Comparison): void {
  const unit = comparison.unit;
  const blind = blindnesses(comparison);
  for (const [key, said] of blind) {
    const before = draft.ongoing(key)?.subject;
    if (before?.kind !== 'blind') {
      draft.observe(key, { kind: 'blind', ...said, units: [unit] }, 'suspected');
      continue;
    }
    const units = [...new Set([...before.units, unit])].sort();
    // Only who stands alone may change the words: else two units with two codes would take turns.
    const words = units.length === 1 && before.itself !== true ? said : {};
    draft.observe(key, { ...before, ...words, units }, 'suspected');
  }
  for (const { key, subject } of draft.allOngoing()) {
    if (subject.kind !== 'blind' || blind.has(key) || !subject.units.includes(unit)) continue;
    const units = subject.units.filter(name => name !== unit);
    if (units.length === 0 && subject.itself !== true) draft.resolve(key);
    else draft.observe(key, { ...subject, units }, 'suspected');
  }
}

type Said = Pick<BlindSubject, 'origin' | 'code' | 'message'>;

function blindnesses(comparison: Comparison): Map<string, Said> {
  const said = comparison.findings
    .filter(finding => finding.type === 'unknown')
    .map(finding => ({
      origin: finding.origin ?? originOf(finding),
      code: finding.code ?? 'HF1307',
      message: finding.message ?? '',
    }))
    .sort((a, b) => compare(`${a.code} ${a.message}`, `${b.code} ${b.message}`));
  const grouped = new Map<string, Said>();
  for (const one of said) {
    const key = keyOf(one, comparison.unit);
    if (!grouped.has(key)) grouped.set(key, one);
  }
  return grouped;
}

/** What keeps a program from comparing one unit (a lock, a module, a host), or the state of a stack or a release, says nothing of any other unit: each is told by itself. */
function keyOf({ origin, code }: Said, unit: string): string {
  if (/^HF2[01]/.test(code) || ofOneUnit.has(code)) return `blind/${origin}/${code}/${unit}`;
  return partial.has(code) ? `blind/${origin}/${code}` : `blind/${origin}`;
}

function originOf(finding: Finding): string {
  const part = finding.code?.slice(0, 4) ?? '';
  return { HF11: 'declaration', HF12: 'git', HF14: 'forge' }[part] ?? 'cluster';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

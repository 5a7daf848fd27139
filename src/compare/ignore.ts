import picomatch from 'picomatch';
import type { IgnoreRule } from '../declared/settings.ts';
import { type Exemption, type FieldChange, type Finding, isObjectRef } from '../findings/finding.ts';

/**
 * Leaves out of the findings what the ignore rules name: the changes that match, never their siblings, and the finding
 * only when no change is left of it, or when a rule names the whole resource. `today` is a date, `2026-11-21`: a rule whose
 * `until` has passed does not count.
 */
export function ignore(
  findings: readonly Finding[],
  rules: readonly IgnoreRule[],
  today: string,
): { findings: Finding[]; exempt: Exemption[] } {
  const exempt: Exemption[] = [];
  const current = rules.filter(rule => rule.until === undefined || rule.until >= today);
  const kept = findings.flatMap((finding): Finding[] => {
    const matching = current.filter(rule => concerns(rule, finding));
    const whole = matching.find(rule => rule.paths === undefined && rule.manager === undefined);
    if (whole !== undefined) {
      exempt.push({ resource: finding.resource, rule: whole.reason });
      return [];
    }
    if (finding.changes === undefined || matching.length === 0) return [finding];
    const changes = finding.changes.filter(change => {
      const rule = matching.find(each => covers(each, change));
      if (rule !== undefined)
        exempt.push({ resource: finding.resource, path: change.path, rule: rule.reason });
      return rule === undefined;
    });
    if (changes.length === finding.changes.length) return [finding];
    return changes.length === 0 ? [] : [{ ...finding, type: typeOf(finding, changes), changes }];
  });
  return { findings: kept, exempt };
}

/** What is left may be less than what was found: with the declared fields gone, live only has more. */
function typeOf(finding: Finding, changes: readonly FieldChange[]): Finding['type'] {
  if (finding.type !== 'changed') return finding.type;
  return changes.some(({ op }) => op !== 'added') ? 'changed' : 'undeclared';
}

function concerns(rule: IgnoreRule, finding: Finding): boolean {
  if (!matches(rule.unit, finding.unit)) return false;
  const ref = finding.resource;
  const { apiVersion, kind, namespace, name } = rule.resource ?? {};
  if (!isObjectRef(ref)) {
    return apiVersion === undefined && namespace === undefined && kind !== undefined
      ? matches(kind, ref.type) && matches(name, ref.name)
      : false;
  }
  return (
    matches(apiVersion, ref.apiVersion) &&
    matches(kind, ref.kind) &&
    matches(namespace, ref.namespace ?? '') &&
    matches(name, ref.name)
  );
}

/** A path covers itself and all below it, never what it is a part of. */
function covers(rule: IgnoreRule, change: FieldChange): boolean {
  if (rule.manager !== undefined && (change.by === undefined || !matches(rule.manager, change.by.manager)))
    return false;
  return rule.paths === undefined || rule.paths.some(pattern => covered(pattern, change.path));
}

function covered(pattern: string, path: string): boolean {
  const depth = pattern.split('/').length;
  const start = path.split('/').slice(0, pattern.includes('**') ? undefined : depth);
  return matches(pattern, start.join('/'));
}

const matchers = new Map<string, (text: string) => boolean>();

/** Globs with `*`, `**` and `?` alone: braces, brackets and negation are plain text, as they occur in paths and names. */
function matches(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined || pattern === text) return true;
  let matcher = matchers.get(pattern);
  if (matcher === undefined) {
    const plain = pattern.replace(/[\\[\](){}!+@|^$]/g, '\\$&');
    matcher = picomatch(plain, { dot: true, nonegate: true, nobrace: true, noextglob: true });
    if (matchers.size > 1000) matchers.clear();
    matchers.set(pattern, matcher);
  }
  return matcher(text);
}

import picomatch from 'picomatch';
import type { IgnoreRule } from '../declared/settings.ts';
import { type Exemption, type FieldChange, type Finding, isObjectRef } from '../findings/finding.ts';

/** An ignore rule with its patterns made ready. */
interface Ignorer {
  reason: string;
  /** Names neither paths nor a manager: whole resources are left out. */
  whole: boolean;
  concerns: (finding: Finding) => boolean;
  covers: (change: FieldChange) => boolean;
}

/**
 * Leaves out of the findings what the ignore rules name: the changes that match, never their siblings, and the finding
 * only when no change is left of it, or when a rule names the whole resource. `today` is a date, `2026-11-21`: a rule whose
 * `until` has passed does not count. What the server would refuse is told even when all its differences are left out.
 */
export function ignore(
  findings: readonly Finding[],
  rules: readonly IgnoreRule[],
  today: string,
): { findings: Finding[]; exempt: Exemption[] } {
  const ignorers = rules.filter(({ until }) => until === undefined || until >= today).map(ignorerOf);
  const exempt: Exemption[] = [];
  const kept = findings.flatMap(finding => {
    const matching = ignorers.filter(({ concerns }) => concerns(finding));
    return matching.length === 0 ? [finding] : withoutIgnored(finding, matching, exempt);
  });
  return { findings: kept, exempt };
}

function withoutIgnored(finding: Finding, matching: readonly Ignorer[], exempt: Exemption[]): Finding[] {
  const { resource } = finding;
  const whole = matching.find(rule => rule.whole);
  if (whole !== undefined) {
    exempt.push({ resource, rule: whole.reason });
    return [];
  }
  const changes = (finding.changes ?? []).filter(change => {
    const rule = matching.find(({ covers }) => covers(change));
    const { path, by } = change;
    if (rule !== undefined) exempt.push({ resource, path, rule: rule.reason, ...(by && { by }) });
    return rule === undefined;
  });
  if (changes.length === (finding.changes ?? []).length) return [finding];
  if (changes.length > 0) return [{ ...finding, type: typeOf(finding, changes), changes }];
  if (finding.code === undefined) return [];
  const { changes: _ignored, ...rest } = finding;
  return [{ ...rest, type: 'invalid' }];
}

/** What is left may be less than what was found: with the declared fields gone, live only has more. */
function typeOf(finding: Finding, changes: readonly FieldChange[]): Finding['type'] {
  if (finding.type !== 'changed') return finding.type;
  return changes.some(({ op }) => op !== 'added') ? 'changed' : 'undeclared';
}

function ignorerOf(rule: IgnoreRule): Ignorer {
  const unit = glob(rule.unit);
  const resource = resourceTest(rule.resource);
  const manager = glob(rule.manager);
  const paths = rule.paths?.map(pathTest);
  return {
    reason: rule.reason,
    whole: rule.paths === undefined && rule.manager === undefined,
    concerns: finding => unit(finding.unit) && resource(finding),
    covers: ({ path, by }) =>
      (rule.manager === undefined || (by !== undefined && manager(by.manager))) &&
      (paths === undefined || paths.some(covers => covers(path))),
  };
}

/** What has no object (a file, the unit) is only left out by a rule that names its kind. */
function resourceTest(pattern: IgnoreRule['resource']): (finding: Finding) => boolean {
  const [apiVersion, kind, namespace, name] = [
    glob(pattern?.apiVersion),
    glob(pattern?.kind),
    glob(pattern?.namespace),
    glob(pattern?.name),
  ];
  return ({ resource }) => {
    if (isObjectRef(resource)) {
      return (
        apiVersion(resource.apiVersion) &&
        kind(resource.kind) &&
        namespace(resource.namespace ?? '') &&
        name(resource.name)
      );
    }
    return pattern?.kind !== undefined && kind(resource.type) && name(resource.name);
  };
}

/** A path covers itself and all below it, never what it is a part of. */
function pathTest(pattern: string): (path: string) => boolean {
  const matches = glob(pattern);
  if (pattern.includes('**')) return matches;
  const depth = pattern.split('/').length;
  return path => matches(path.split('/').slice(0, depth).join('/'));
}

/** Globs with `*`, `**` and `?` alone: braces, brackets and negation are plain text, as they occur in paths and names. */
function glob(pattern: string | undefined): (text: string) => boolean {
  if (pattern === undefined) return () => true;
  const plain = pattern.replace(/[\\[\](){}!+@|^$]/g, '\\$&');
  const matches = picomatch(plain, { dot: true, nonegate: true, nobrace: true, noextglob: true });
  return text => text === pattern || matches(text);
}

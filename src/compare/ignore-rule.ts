import picomatch from 'picomatch';
import type { IgnoreRule } from '../declared/settings/ignore.ts';
import { type FieldChange, type Finding, isObjectRef } from '../findings/finding.ts';

/** An ignore rule with its patterns made ready. */
export interface Ignorer {
  rule: IgnoreRule;
  /** Names neither paths nor a manager: whole resources are left out. */
  whole: boolean;
  ofUnit: (unit: string) => boolean;
  concerns: (finding: Finding) => boolean;
  covers: (change: FieldChange) => boolean;
}

/** Whether a rule no longer holds. `today` is a date, `2026-11-21`; `until` is the last day. */
export function hasRunOut({ until }: IgnoreRule, today: string): boolean {
  return until !== undefined && until < today;
}

/** Makes a rule ready. */
export function ignorerOf(rule: IgnoreRule): Ignorer {
  const unit = glob(rule.unit);
  const resource = resourceTest(rule.resource);
  const manager = glob(rule.manager);
  const paths = rule.paths?.map(pathTest);
  return {
    rule,
    ofUnit: unit,
    whole: rule.paths === undefined && rule.manager === undefined,
    concerns: finding => unit(finding.unit) && resource(finding),
    covers: ({ path, pointer = path, by }) =>
      (rule.manager === undefined || (by !== undefined && manager(by.manager))) &&
      (paths === undefined || paths.some(covers => covers(path) || covers(pointer))),
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

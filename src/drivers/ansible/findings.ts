import { Failure } from '../../failure/failure.ts';
import type { Finding, Source } from '../../findings/finding.ts';
import { changesOf } from './changes.ts';
import type { TaskResult } from './events.ts';

/** What a run in check mode says of a unit. */
export interface Judgement {
  findings: Finding[];
  /** Tasks on hosts that were looked at, and those that would change nothing. */
  resources: { declared: number; inSync: number };
}

/** Tasks that only ask, include or say something. */
const asking =
  /^(?:ansible\.(?:builtin|legacy)\.)?(?:setup|gather_facts|debug|assert|meta|set_fact|include_\w+|import_\w+|group_by|add_host|stat|slurp)$/;

/**
 * The findings of a run: a task that would change a host is `changed`; what check mode cannot tell is `unknown`, never as
 * declared. A handler follows from what notified it, and is told with that.
 */
export function judge(
  unit: string,
  results: readonly TaskResult[],
  sourceOf: (path: string) => Source,
): Judgement {
  const judgement: Judgement = { findings: [], resources: { declared: 0, inSync: 0 } };
  for (const result of results) {
    if (result.handler || asking.test(result.action)) {
      if (result.event !== 'unreachable' && (result.event !== 'failed' || result.ignored)) continue;
    }
    judgement.resources.declared += 1;
    const found = findingOf(unit, result);
    if (found === undefined) judgement.resources.inSync += 1;
    else judgement.findings.push(result.path ? { ...found, source: sourceOf(result.path) } : found);
  }
  return judgement;
}

function findingOf(unit: string, result: TaskResult): Finding | undefined {
  const { event, host, task, action, hidden } = result;
  const resource = { type: action, name: `${host}: ${task}` };
  const unknown = (code: 'HF2103' | 'HF2104' | 'HF2105', what: string): Finding => {
    const of = code === 'HF2103' ? { type: 'Host', name: host } : resource;
    const { line } = new Failure(code, what, { where: { subject: `${host}: ${task}` } });
    return { unit, type: 'unknown', resource: of, code, origin: 'hosts', message: line };
  };
  if (event === 'unreachable') return unknown('HF2103', `it cannot be reached${because(result)}`);
  if (event === 'failed')
    return result.ignored ? undefined : unknown('HF2105', `the task failed in check mode${because(result)}`);
  if (isUntold(result))
    return unknown('HF2104', 'check mode cannot tell whether the task would change anything');
  if (event === 'skipped' || !result.changed) return undefined;
  const changes = hidden
    ? [{ path: '/no_log', op: 'changed' as const, redacted: true }]
    : changesOf(result.parts);
  return { unit, type: 'changed', resource, ...(changes.length === 0 ? {} : { changes }) };
}

/** Ansible calls both skipped: a task whose condition is false, and one that does not support check mode. Only the first says why. */
export function isUntold({ event, parts }: TaskResult): boolean {
  const untold = (part: TaskResult['parts'][number]) =>
    part.skip_reason === undefined &&
    part.false_condition === undefined &&
    /check mode|would have run/i.test(typeof part.msg === 'string' ? part.msg : '');
  if (event === 'skipped') return parts.some(part => untold(part) && (part.skipped ?? true));
  return parts.some(part => part.skipped === true && untold(part));
}

/** What the module said, in few words; nothing where the task hides its output. */
function because({ hidden, parts }: TaskResult): string {
  const said = parts.find(({ msg }) => typeof msg === 'string' && msg !== '')?.msg;
  if (hidden || typeof said !== 'string') return '';
  const words = said.replace(/\s+/g, ' ').trim();
  return `: ${words.length > 300 ? `${words.slice(0, 299)}…` : words}`;
}

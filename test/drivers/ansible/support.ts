import type { TaskResult } from '../../../src/drivers/ansible/events.ts';

type Part = Partial<TaskResult['parts'][number]>;

/** What the callback plugin tells of one task on one host. */
export function taskResult(given: Partial<Omit<TaskResult, 'parts'>> & { parts?: Part[] } = {}): TaskResult {
  const { parts = [{}], ...rest } = given;
  const whole = {
    event: 'ok' as const,
    host: 'web1',
    task: 'motd',
    action: 'copy',
    path: '/t/site.yml:4',
    handler: false,
    ignored: false,
    hidden: false,
    changed: false,
    ...rest,
  };
  return { ...whole, parts: parts.map(part => ({ hidden: false, changed: whole.changed, ...part })) };
}

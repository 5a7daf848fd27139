import { z } from 'zod';
import type { FailureCode } from '../../failure/codes.ts';
import { Failure } from '../../failure/failure.ts';

/** One line of `terraform plan -json` or `apply -json`; everything else in it is passed over. */
const lineSchema = z.object({
  type: z.string(),
  diagnostic: z
    .object({
      severity: z.string(),
      summary: z.string(),
      detail: z.string().default(''),
      address: z.string().optional(),
      range: z.object({ filename: z.string(), start: z.object({ line: z.int() }) }).optional(),
    })
    .optional(),
  hook: z
    .object({
      resource: z.object({ addr: z.string() }),
      action: z.string().optional(),
    })
    .optional(),
});

export type Message = z.output<typeof lineSchema>;
export type Diagnostic = NonNullable<Message['diagnostic']>;

/** A line as a message; undefined for what is none, such as what a wrapper prints. */
export function messageOf(line: string): Message | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** The errors among what was printed, in their order. */
export function errorsIn(stdout: string): Diagnostic[] {
  return stdout
    .split('\n')
    .flatMap(line => messageOf(line)?.diagnostic ?? [])
    .filter(({ severity }) => severity === 'error');
}

/** Who holds the lock of a state. */
export interface LockHolder {
  id?: string | undefined;
  who?: string | undefined;
  created?: string | undefined;
  operation?: string | undefined;
}

/** The holder, when an error says that a lock is held; undefined for every other error. */
export function lockHolder({
  summary,
  detail,
}: Pick<Diagnostic, 'summary' | 'detail'>): LockHolder | undefined {
  if (!/acquiring the state lock/i.test(summary)) return undefined;
  const field = (name: string) =>
    new RegExp(`^\\s*${name}:[ \\t]*(\\S.*?)\\s*$`, 'm').exec(detail.slice(0, 20_000))?.[1]?.slice(0, 200);
  return { id: field('ID'), who: field('Who'), created: field('Created'), operation: field('Operation') };
}

/** Where we run, to tell a lock of our own that was left behind. */
export interface Here {
  /** `user@host`, as Terraform writes it. */
  who: string;
  /** Whether another run of Holdfast works on the unit at present. */
  working: boolean;
}

/**
 * The lock as a Failure. It was left behind where it names this very user and host, and no run of Holdfast goes on there. Of any
 * other it is only known that it is held.
 */
export function lockFailure(holder: LockHolder, here: Here): Failure {
  const { id = 'unknown', who = 'unknown', created = 'unknown', operation } = holder;
  const told = `by ${who} since ${created} (ID ${id}${operation === undefined ? '' : `, ${operation}`})`;
  return who === here.who && !here.working
    ? new Failure(
        'HF2005',
        `the state is locked ${told}, which is this host, where no run goes on: it was left behind`,
      )
    : new Failure('HF2004', `the state is locked ${told}`);
}

/** The first error of a run as a Failure with file and line, in few words, and how many more there are. */
export function failureOf(
  code: FailureCode,
  errors: readonly Diagnostic[],
  { folder, clean, otherwise }: { folder: string; clean: (text: string) => string; otherwise: string },
): Failure {
  const [first, ...more] = errors;
  if (first === undefined) return new Failure(code, clean(otherwise));
  const words = [first.summary, first.detail.trim().split('\n\n')[0] ?? '']
    .filter(text => text !== '')
    .join(': ');
  const also = more.length === 0 ? '' : `; and ${more.length} more errors`;
  const file = first.range === undefined ? undefined : fileAt(folder, first.range.filename);
  const where = {
    ...(file === undefined ? {} : { file, line: first.range?.start.line ?? 1 }),
    ...(first.address === undefined ? {} : { subject: first.address }),
  };
  return new Failure(code, clean(`${cut(words.replace(/\s+/g, ' '))}${also}`), { where });
}

function cut(text: string): string {
  return text.length <= 600 ? text : `${text.slice(0, 599)}…`;
}

/** Terraform names files from the folder that it runs in. */
function fileAt(folder: string, name: string): string {
  const parts = folder === '.' ? [] : folder.split('/');
  for (const part of name.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

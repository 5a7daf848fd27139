import { Failure } from '../failure/failure.ts';
import type { Answer } from './http/requester.ts';
import type { OpenedPull } from './proposals.ts';

export interface Opening {
  branch: string;
  /** What the forge calls it. */
  what: 'pull request' | 'merge request';
  /** The status by which the forge says, among other things, that one is open already. */
  taken: number;
  findOpen(): Promise<OpenedPull | undefined>;
  /** The forge's reason for a refusal; may be empty. */
  said(text: string): string;
  read(text: string): OpenedPull;
}

/** What came of asking a forge to open a pull request: the new one, or the one that is open already. Throws HF1451. */
export async function openedBy({ status, text }: Answer, opening: Opening): Promise<OpenedPull> {
  const { branch, what, taken, findOpen, said, read } = opening;
  if (status === taken) {
    const there = await findOpen();
    if (there !== undefined) return there;
  }
  if (status < 300) return read(text);
  throw new Failure('HF1451', `the forge opened no ${what}: ${said(text) || `status ${status}`}`, {
    where: { subject: branch },
  });
}

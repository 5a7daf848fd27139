import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Failure } from '../../src/failure/failure.ts';
import { openPull, type Person, readPull } from '../shop/forge.ts';
import { git } from '../shop/git.ts';
import { eventually, type Stage } from './stage.ts';

/** What a commit does to the checkout: `edit` replaces texts of a file that must be there; `write` gives a whole file; `remove` deletes one. */
export interface Change {
  edit?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  write?: Readonly<Record<string, string>>;
  remove?: readonly string[];
  /** Files as the trust root has them. */
  restore?: readonly string[];
}

/** Commits on a branch that starts at the forge's main, and pushes it as a person. Returns the commit. */
export async function push(
  stage: Stage,
  person: Person,
  branch: string,
  message: string,
  change: Change,
): Promise<string> {
  const { checkout, forge } = stage.shop;
  const remote = forge.cloneUrl(person);
  await git(checkout, 'fetch', '--quiet', remote, 'main');
  await git(checkout, 'checkout', '--quiet', '-B', branch, 'FETCH_HEAD');
  make(checkout, change);
  for (const file of change.restore ?? [])
    await git(checkout, 'checkout', '--quiet', forge.trustRoot, '--', file);
  await git(checkout, 'add', '--all');
  await git(checkout, 'commit', '--quiet', '--message', message);
  await git(checkout, 'push', '--quiet', remote, `HEAD:refs/heads/${branch}`);
  return git(checkout, 'rev-parse', 'HEAD');
}

/** Opens a pull request as alice, has bob approve it, merges it as alice. Returns its number and the merge commit. */
export async function land(
  stage: Stage,
  branch: string,
  title: string,
): Promise<{ number: number; revision: string }> {
  const { forge } = stage.shop;
  const number = await openPull(forge, branch, title);
  stage.act(`alice opens pull request #${number} "${title}"; bob approves it; alice merges it`);
  await forge.as('bob', 'POST', `/pulls/${number}/reviews`, { event: 'APPROVED', body: 'Reviewed.' });
  await eventually(
    stage,
    `pull request #${number} to be mergeable`,
    async () => ((await readPull(forge, number)).mergeable ? true : undefined),
    15_000,
  );
  await forge.as('alice', 'POST', `/pulls/${number}/merge`, { Do: 'merge' });
  const branches = z.object({ commit: z.object({ id: z.string() }) });
  return { number, revision: branches.parse(await forge.as('alice', 'GET', '/branches/main')).commit.id };
}

function make(checkout: string, { edit = {}, write = {}, remove = [] }: Change): void {
  for (const [file, texts] of Object.entries(edit)) {
    let content = readFileSync(join(checkout, file), 'utf8');
    for (const [from, to] of Object.entries(texts)) {
      if (!content.includes(from)) throw new Failure('HF1004', `${file} does not contain ${from}`);
      content = content.replace(from, to);
    }
    writeFileSync(join(checkout, file), content);
  }
  for (const [file, text] of Object.entries(write)) writeFileSync(join(checkout, file), text);
  for (const file of remove) rmSync(join(checkout, file));
}

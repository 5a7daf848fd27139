import { expect, it } from 'vitest';
import { giteaRepository } from '../support/gitea-repository.ts';
import { waitUntil } from '../support/wait-until.ts';

it('a pull request goes from one user to another and is merged', async () => {
  const repository = await giteaRepository({ 'a.txt': 'one\n' });
  const { author, approver } = repository;
  await repository.commit(author, {
    message: 'Two',
    files: { 'a.txt': 'two\n', 'b.txt': 'new\n' },
    newBranch: 'two',
  });
  const opened = await repository.api(author, 'POST', '/pulls', { title: 'Two', head: 'two', base: 'main' });
  const { number } = opened.body as { number: number };

  const review = await repository.api(approver, 'POST', `/pulls/${number}/reviews`, {
    event: 'APPROVED',
    body: 'Yes.',
  });
  await waitUntil('the pull request can be merged', async () => {
    const { body } = await repository.api(approver, 'GET', `/pulls/${number}`);
    return (body as { mergeable: boolean }).mergeable;
  });
  const merged = await repository.api(approver, 'POST', `/pulls/${number}/merge`, { Do: 'merge' });

  expect([opened.status, review.status, merged.status]).toEqual([201, 200, 200]);
  const read = await repository.api(author, 'GET', '/raw/a.txt?ref=main');
  expect(read.body).toBe('two\n');
});

it('a file is deleted by a commit', async () => {
  const repository = await giteaRepository({ 'a.txt': 'one\n', 'b.txt': 'two\n' });

  await repository.commit(repository.owner, { message: 'Less', files: { 'a.txt': null } });

  expect((await repository.api(repository.owner, 'GET', '/contents/a.txt')).status).toBe(404);
  expect((await repository.api(repository.owner, 'GET', '/contents/b.txt')).status).toBe(200);
});

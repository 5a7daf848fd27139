import { describe, expect, it } from 'vitest';
import { pullRequest, user } from '../../gate/support/data.ts';
import { createMemoryForge } from './memory-forge.ts';

const merge = 'a'.repeat(40);
const other = 'b'.repeat(40);

describe('the forge in memory', () => {
  it('finds a pull request by its merge commit and by the commits it is told to name it for', async () => {
    const forge = createMemoryForge();
    forge.pulls.push(pullRequest({ number: 3, mergeCommit: merge }));
    forge.named.set(other, [3]);

    expect((await forge.pullRequestsOf(merge)).map(pull => pull.number)).toEqual([3]);
    expect((await forge.pullRequestsOf(other)).map(pull => pull.number)).toEqual([3]);
    expect(await forge.pullRequestsOf('c'.repeat(40))).toEqual([]);
  });

  it('knows who may write, by login', async () => {
    const forge = createMemoryForge();
    forge.writers.add('bob');

    expect(await forge.canWrite(user('bob'))).toBe(true);
    expect(await forge.canWrite(user('eve'))).toBe(false);
  });

  it('fails as told, for one subject or for all, and keeps what it was asked', async () => {
    const forge = createMemoryForge();
    forge.fail('pullRequestsOf', merge, new Error('down'));
    forge.fail('canWrite', '*', new Error('slow'));

    await expect(forge.pullRequestsOf(merge)).rejects.toThrow('down');
    await expect(forge.canWrite(user('bob'))).rejects.toThrow('slow');
    expect(await forge.pullRequestsOf(other)).toEqual([]);
    expect(forge.asked).toEqual([`pullRequestsOf ${merge}`, 'canWrite bob', `pullRequestsOf ${other}`]);
  });

  it('gives copies, so that no reader can change what another one gets', async () => {
    const forge = createMemoryForge();
    forge.pulls.push(pullRequest({ mergeCommit: merge }));

    const [first] = await forge.pullRequestsOf(merge);
    if (first !== undefined) first.title = 'changed';

    expect((await forge.pullRequestsOf(merge))[0]?.title).not.toBe('changed');
  });
});

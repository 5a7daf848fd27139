import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { runHoldfast } from '../support/command.ts';
import { createPullScenario } from '../support/pulls.ts';
import { configMap } from '../support/settings.ts';
import { type Checkout, openCheckout } from './checkout.ts';

let checkout: Checkout;
let folder: string;

beforeAll(async () => {
  checkout = await openCheckout();
  folder = mkdtempSync(join(tmpdir(), 'holdfast-publish-'));
});
afterAll(() => {
  checkout.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('holdfast publish on a real Gitea', () => {
  it('keeps one comment on the pull request up to date', async () => {
    const scenario = await createPullScenario({ url: inject('giteaUrl'), adminToken: inject('giteaToken') });
    const author = await scenario.person('author', 'write');
    await scenario.commit(author, 'change', { 'manifests/shop/a.yaml': configMap('shop', 'a', { a: 'c' }) });
    const pull = await scenario.open(author, 'change');
    await checkout.commit({ 'manifests/shop/a.yaml': configMap('shop', 'a', { a: 'b' }) });

    const publishedAs = async (value: string) => {
      await checkout.branch('pr', 'main');
      await checkout.commit({ 'manifests/shop/a.yaml': configMap('shop', 'a', { a: value }) });
      const made = await runHoldfast(
        ['preview', checkout.path, '--base', 'main', '--live', 'none', '--out', folder],
        {},
      );
      expect(made.code).toBe(0);
      return runHoldfast(
        [
          ...['publish', folder, '--forge', 'gitea', '--url', scenario.url],
          ...['--repository', scenario.repository, '--pull', String(pull.number), '--head', pull.head],
        ],
        { HOLDFAST_COMMENT_TOKEN: scenario.owner.token },
      );
    };
    const first = await publishedAs('c');
    const second = await publishedAs('d');

    expect([first.stdout, second.stdout]).toEqual([
      expect.stringContaining('is created'),
      expect.stringContaining('is updated'),
    ]);
    const comments = await scenario.api.expect(
      z.array(z.object({ body: z.string() })),
      scenario.owner.token,
      'GET',
      `/repos/${scenario.repository}/issues/${pull.number}/comments`,
    );
    expect(comments).toHaveLength(1);
    expect(comments[0]?.body).toContain('/data/a: b → d');
  });
});

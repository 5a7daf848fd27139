import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askedByButton, askedByCommand } from '../../src/alerts/slack/inbound/payload.ts';
import { differences } from '../../src/compare/difference.ts';
import { keyed } from '../../src/compare/keyed.ts';
import { configurationFrom } from '../../src/daemon/configuration.ts';
import { declare } from '../../src/declared/declare.ts';
import { Failure } from '../../src/failure/failure.ts';
import { createWebhookReceiver } from '../../src/forge/webhook/receiver.ts';
import { remoteOf } from '../../src/git/remote.ts';
import type { Json } from '../../src/json/json.ts';
import { readCommand } from '../../src/requests/command.ts';
import { memoryTree } from '../declared/tree.ts';
import { budget, hostileJson, hostileText, timeoutMs } from './hostile.ts';

/** Runs what may refuse with one of our own errors, and with nothing else. */
async function refusesAtMost(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
}

const good = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: good, namespace: shop}\n';

describe('whatever is written', { timeout: timeoutMs }, () => {
  it.each([
    ['a manifest', 'manifests/shop/bad.yaml'],
    ['a manifest that is JSON', 'manifests/shop/bad.json'],
    ['the code owners', 'CODEOWNERS'],
  ])('in %s, the file beside it is declared, and nothing breaks', async (_what, path) => {
    await fc.assert(
      fc.asyncProperty(hostileText, async text => {
        const files = { 'manifests/shop/good.yaml': good, [path]: text };
        const { units } = await declare(memoryTree(files));
        const [shop] = units.filter(({ definition }) => definition.name === 'shop');
        const names = shop?.objects.map(({ object }) => Object(object['metadata']).name) ?? [];
        // the very same object in both files is told as declared twice
        expect(names.includes('good') || (shop?.findings.length ?? 0) > 0).toBe(true);
        expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
      }),
      budget(),
    );
  });

  it.each([
    ['holdfast.yaml', 'holdfast.yaml'],
    ['a kustomization', 'manifests/shop/kustomization.yaml'],
    ['a chart', 'helm/shop/Chart.yaml'],
    ['a deployment file', 'infra-state/shop/deployment.yaml'],
    ['a module', 'infra-state/shop/main.tf'],
  ])('in %s, it is refused in our words at most', async (_what, path) => {
    await fc.assert(
      fc.asyncProperty(hostileText, text => refusesAtMost(() => declare(memoryTree({ [path]: text })))),
      budget(),
    );
  });
});

describe('whatever comes in', { timeout: timeoutMs }, () => {
  it('as a webhook, it is looked at only with the right signature', async () => {
    const receiver = createWebhookReceiver({ secret: 'a-secret-of-the-hook', limit: 1_000 });
    const names = fc.constantFrom(
      'x-hub-signature-256',
      'x-gitea-signature',
      'x-gitlab-token',
      'webhook-signature',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(names, hostileText),
        fc.uint8Array({ maxLength: 2_000 }),
        async (headers, body) => {
          async function* sent() {
            yield body;
          }
          expect(['refused', 'too-large']).toContain(await receiver.receive(headers, sent()));
        },
      ),
      budget(),
    );
  });

  it.each([
    ['a command', askedByCommand],
    ['a press of a button', askedByButton],
  ])('from Slack as %s, it is understood in whole or not at all', (_what, read) => {
    const nearly = fc.record(
      {
        ...{
          team_id: hostileText,
          channel_id: hostileText,
          user_id: hostileText,
          command: hostileText,
          text: hostileText,
        },
        ...{ type: fc.constant('block_actions'), team: hostileJson, user: hostileJson, channel: hostileJson },
        ...{ actions: fc.array(hostileJson), response_url: hostileText },
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(nearly, hostileJson), payload => {
        const asked = read(payload);
        if (asked !== undefined) expect(asked.asker.user).toMatch(/^[A-Z0-9]{2,40}$/);
      }),
      budget(),
    );
  });

  it('as the words of a command, it is a command or said to be wrong', () => {
    fc.assert(
      fc.property(hostileText, text => {
        expect(readCommand(text)).toEqual(expect.any(Object));
      }),
      budget(),
    );
  });

  it('as the address of the repository, it runs no transport that runs commands', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          hostileText,
          fc.webUrl(),
          hostileText.map(text => `ext::${text}`),
        ),
        url => {
          try {
            expect(remoteOf({ url, branch: 'main' }).url).not.toMatch(/^-|::|^ext:/);
          } catch (error) {
            if (!(error instanceof Failure)) throw error;
            expect(error.code).toBe('HF1001');
          }
        },
      ),
      budget(),
    );
  });

  it('as the environment of the daemon, it is refused in our words at most', async () => {
    const names = fc.constantFrom(
      'HOLDFAST_GIT_URL',
      'HOLDFAST_LISTEN',
      'HOLDFAST_FORGE',
      'HOLDFAST_FORGE_URL',
      'HOLDFAST_SUMMARY',
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(names, hostileText), given =>
        refusesAtMost(() => configurationFrom(given)),
      ),
      budget(),
    );
  });
});

describe('whatever differs', { timeout: timeoutMs }, () => {
  it('has paths that lead to it and to nothing else', () => {
    fc.assert(
      fc.property(hostileJson, hostileJson, (declared, live) => {
        const [one, other] = [keyed(declared as Json, undefined), keyed(live as Json, undefined)];
        const found = differences(one, one, other);
        for (const { path } of found) expect(path).toMatch(/^(\/(?:[^~/]|~[01])*)*$/su);
        expect(differences(one, one, keyed(structuredClone(declared) as Json, undefined))).toEqual([]);
      }),
      budget(),
    );
  });
});

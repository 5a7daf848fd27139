import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageOf } from '../../../src/alerts/message.ts';
import { slackMessage } from '../../../src/alerts/slack/blocks.ts';
import { codeSpan, escapeSlack, mrkdwn } from '../../../src/alerts/slack/mrkdwn.ts';
import type { Subject } from '../../../src/incidents/incident.ts';
import { outside, say } from '../../../src/incidents/say.ts';
import { blocksError, textOf } from '../../fakes/slack/blocks.ts';
import { finding, hostileFinding, imageChange } from '../../report/sample.ts';
import { refusedSubject, telling, transition } from '../sample.ts';

function made(subject: Subject) {
  return slackMessage(messageOf(transition(subject).incident, telling));
}

/** What Slack would interpret: everything outside of code spans. */
function interpreted(text: string): string {
  return text.replace(/`[^`\n]*`/g, '');
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom(
    '<!here>',
    '<!channel> @channel',
    '<@U123>',
    '<https://evil|x>',
    '`',
    '```\n',
    '*a* _b_ ~c~',
    '&lt;!here&gt;',
    '@here',
  ),
  fc.constantFrom('&', '<', '`', '@here', '\u202e', '🚢', '\n').map(text => text.repeat(100_000)),
);

describe('a Slack message', () => {
  it('is within all limits, whatever the finding holds', () => {
    const huge = fc.tuple(hostileFinding, anyText, fc.nat(60)).map(([one, text, count]) => ({
      ...one,
      message: text,
      changes: [...Array(count)].map((_, index) => ({
        path: `/${index}${text}`,
        op: 'changed' as const,
        declared: text,
        live: `${text}${text}`,
        by: { manager: text },
      })),
    }));
    fc.assert(
      fc.property(huge, one => {
        const { text, blocks } = made({ kind: 'drift', unit: one.unit, finding: one });
        expect(blocksError(JSON.stringify(blocks))).toBeUndefined();
        expect(textOf(blocks).join('').length).toBeLessThanOrEqual(8_000);
        expect(text.length).toBeLessThan(4_000);
      }),
      { numRuns: 60 },
    );
  });

  it('interprets nothing that came from outside', () => {
    fc.assert(
      fc.property(anyText, anyText, (name, value) => {
        const one = finding({
          resource: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name },
          source: { file: name, line: 1 },
          changes: [{ ...imageChange, path: `/${name}`, live: value, by: { manager: name } }],
          message: value,
        });
        const { text, blocks } = made({ kind: 'drift', unit: 'shop', finding: one });
        for (const shown of [text, ...textOf(blocks)]) {
          const links = interpreted(shown).match(/<[^>]*>/g) ?? [];
          for (const link of links) expect(link).toMatch(/^<https:\/\/git\.example\.com\/[^|<>]*\|[^|<>]*>$/);
          expect(shown).not.toMatch(/@(here|channel|everyone)/i);
          expect(shown).not.toMatch(/&(?!amp;|lt;|gt;)/);
        }
      }),
    );
  });

  it('keeps where it is declared and what comes next when lines are left out, and counts those', () => {
    const changes = [...Array(40).keys()].map(index => ({
      ...imageChange,
      path: `/f${index}`,
      live: 'x'.repeat(500),
    }));

    const lines = textOf(made({ kind: 'drift', unit: 'shop', finding: finding({ changes }) }).blocks).join(
      '\n',
    );

    expect(lines).toMatch(/… and \d+ more lines/);
    expect(lines).toContain('declared in <https');
    expect(lines).toContain('next: nothing');
  });

  it('is within all limits for a refusal with many reasons and changes', () => {
    const subject = {
      ...refusedSubject,
      reasons: Array(100).fill('r'.repeat(900)),
      changes: Array(900).fill('c'),
    } as Subject;

    expect(blocksError(JSON.stringify(made(subject).blocks))).toBeUndefined();
  });
});

describe('text for Slack', () => {
  it.each([
    ['&', '&amp;'],
    ['<!here>', '&lt;!here&gt;'],
    ['@here', '@\u200bhere'],
    ['@Channel', '@\u200bChannel'],
    ['a@example.com', 'a@example.com'],
    ['a\nb', 'a\\nb'],
  ])('%j is sent as %j', (text, sent) => {
    expect(escapeSlack(text)).toBe(sent);
  });

  it.each([
    ['a`b', '`aˋb`'],
    ['', '` `'],
    ['*x*', '`*x*`'],
  ])('%j becomes the code span %j', (text, span) => {
    expect(codeSpan(text)).toBe(span);
  });

  it.each(['javascript:alert(1)', 'not a link', 'file:///etc/passwd'])('%s is no link', link => {
    expect(mrkdwn(say`${outside('x', link)}`)).toBe('`x`');
  });

  it('lets a link not be closed by what stands in it', () => {
    expect(mrkdwn(say`${outside('a|b>c', 'https://h/p|<!here>')}`)).toBe(
      '<https://h/p%7C%3C!here%3E|a¦b&gt;c>',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/failure/failure.ts';
import { createLog, type LogLevel } from '../../src/log/log.ts';
import { Scrubber } from '../../src/log/scrubber.ts';

function setUp(options: { isTTY?: boolean; level?: LogLevel; environment?: Record<string, string> } = {}) {
  const lines: string[] = [];
  const scrubber = new Scrubber(['s3cr3t-token']);
  const log = createLog({
    level: options.level ?? 'info',
    stream: { isTTY: options.isTTY ?? false, write: text => lines.push(text) },
    environment: options.environment ?? { NO_COLOR: '1' },
    scrubber,
  });
  return { lines, log, scrubber };
}

describe('createLog', () => {
  it('writes one JSON object a line where nobody looks', () => {
    const { lines, log } = setUp();

    log.info({ unit: 'shop' }, 'compared');

    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'info', unit: 'shop', msg: 'compared' });
    expect(lines[0]).toMatch(/"time":"\d{4}-\d\d-\d\dT.*Z"/);
  });

  it('writes a short readable line on a terminal', () => {
    const { lines, log } = setUp({ isTTY: true });

    log.warn({ unit: 'shop' }, 'cannot compare');

    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d warn {2}cannot compare \(unit=shop\)\n$/);
  });

  it.each([true, false])('names the code of a failure and what to do (terminal: %s)', isTTY => {
    const { lines, log } = setUp({ isTTY });
    const error = new Failure('HF1201', 'cannot fetch', { where: { file: 'a.yaml', line: 3 } });

    log.error({ error }, 'Git does not answer');

    expect(lines[0]).toContain('HF1201');
    expect(lines[0]).toContain('Check the URL');
    expect(lines[0]).toContain('a.yaml');
    expect(lines[0]).not.toContain('"stack"');
  });

  it.each([true, false])('holds no registered secret, wherever it came from (terminal: %s)', isTTY => {
    const { lines, log, scrubber } = setUp({ isTTY });
    scrubber.register('later-secret');

    log.info({ url: 'https://x:s3cr3t-token@git' }, 'with s3cr3t-token');
    log.error({ error: new Error('refused later-secret') }, 'failed');
    log.child({ deep: { token: 'later-secret' } }).info('child');

    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toMatch(/s3cr3t-token|later-secret/);
  });

  it('shows hostile text on a terminal as one harmless line', () => {
    const { lines, log } = setUp({ isTTY: true });

    log.info({ name: '\u001b[2Ja\nb' }, 'seen \u202e\u0007');

    expect(lines[0]?.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it.each<[LogLevel, number]>([
    ['debug', 3],
    ['warn', 1],
    ['silent', 0],
  ])('at level %s writes %i of a debug, an info and a warning', (level, count) => {
    const { lines, log } = setUp({ level });

    log.debug('a');
    log.info('b');
    log.warn('c');

    expect(lines).toHaveLength(count);
  });

  it.each([
    [{ NO_COLOR: '1' }, false],
    [{}, true],
  ])('with environment %o has colour on a terminal: %s', (environment, coloured) => {
    const { lines, log } = setUp({ isTTY: true, environment });

    log.info('a');

    expect(lines[0]?.includes('\u001b[')).toBe(coloured);
  });
});

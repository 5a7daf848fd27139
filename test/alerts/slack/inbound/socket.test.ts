import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Asked } from '../../../../src/alerts/slack/inbound/payload.ts';
import { runSocketMode } from '../../../../src/alerts/slack/inbound/socket.ts';
import type { Failure } from '../../../../src/failure/failure.ts';
import { FakeSlack } from '../../../fakes/slack/slack.ts';
import { commandFields, FakeSocketMode } from '../../../fakes/slack/socket.ts';

let slack: FakeSlack;
let mode: FakeSocketMode;
let stop: AbortController;
let taken: Asked[];
let troubles: Failure[];
let running: Promise<void>;
let wanted: boolean;

beforeEach(async () => {
  slack = await FakeSlack.start();
  mode = new FakeSocketMode(slack);
  stop = new AbortController();
  taken = [];
  troubles = [];
  wanted = true;
});
afterEach(async () => {
  stop.abort();
  await running;
  mode.close();
  await slack.close();
});

function start(options: { appToken?: string; idleMs?: number } = {}): void {
  running = runSocketMode(
    {
      appToken: options.appToken ?? mode.appToken,
      apiUrl: slack.url,
      take: asked => {
        taken.push(asked);
        return { text: `heard ${taken.length}` };
      },
      onTrouble: failure => troubles.push(failure),
      wanted: () => wanted,
      pauses: { firstMs: 1, mostMs: 5, idleMs: options.idleMs ?? 5_000, lookMs: 1 },
    },
    stop.signal,
  );
}

async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1_000 && !what(); tries++) await new Promise(resolve => setTimeout(resolve, 5));
  expect(what()).toBe(true);
}
const connected = () => until(() => mode.connected === 1);

it('takes commands, and answers each envelope with what is to be shown', async () => {
  start();
  await connected();
  const use = mode.command({ user: 'U0ALICE' }, 'run shop');
  expect(await use.acknowledged).toEqual({ text: 'heard 1' });
  expect(taken).toMatchObject([{ kind: 'command', command: '/sync', text: 'run shop' }]);
});

it('takes an envelope that comes again once, and answers it again', async () => {
  start();
  await connected();
  const payload = commandFields({ user: 'U0ALICE' }, '/sync', 'run', 'https://hooks.slack.com/1', 'T1');
  const envelope = { envelope_id: 'E1', type: 'slash_commands', payload };
  expect(await mode.envelope(envelope)).toEqual({ text: 'heard 1' });
  expect(await mode.envelope(envelope)).toBeUndefined();
  expect(await mode.envelope({ ...envelope, envelope_id: 'E2' })).toBeUndefined();
  expect(taken).toHaveLength(1);
});

it('connects anew when Slack asks for it, and when the connection breaks', async () => {
  start();
  await connected();
  mode.refresh();
  await until(() => mode.opened === 2 && mode.connected === 1);
  expect(troubles).toEqual([]);
  mode.cut();
  await until(() => mode.opened >= 3 && mode.connected === 1);
  expect(troubles.map(failure => failure.code)).toEqual(['HF1751']);
  expect(await mode.command({ user: 'U0ALICE' }, '').acknowledged).toEqual({ text: 'heard 1' });
});

it('tries again while Slack refuses, and says why without the token', async () => {
  start({ appToken: 'xapp-wrong' });
  await until(() => mode.opened >= 3);
  expect(troubles[0]?.code).toBe('HF1751');
  expect(troubles[0]?.message).toContain('invalid_auth');
  expect(troubles.map(failure => failure.line).join()).not.toContain('xapp-wrong');
});

it('gives up a connection over which nothing comes', async () => {
  start({ idleMs: 30 });
  await until(() => mode.opened >= 2);
  expect(troubles[0]?.message).toContain('nothing came any more');
});

it('is connected only while it is wanted', async () => {
  wanted = false;
  start();
  await new Promise(resolve => setTimeout(resolve, 30));
  expect(mode.opened).toBe(0);
  wanted = true;
  await connected();
});

it.each([
  'not json',
  '{}',
  '[]',
  '{"type":"slash_commands"}',
  '{"type":"slash_commands","envelope_id":"E9","payload":{"team_id":1}}',
  '{"type":"interactive","envelope_id":"E9","payload":{"type":"view_submission"}}',
  '{"type":"events_api","envelope_id":"E9","payload":null}',
])('goes on after %s', async text => {
  start();
  await connected();
  mode.raw(text);
  expect(await mode.command({ user: 'U0ALICE' }, '').acknowledged).toEqual({ text: 'heard 1' });
  expect(taken).toHaveLength(1);
  expect(mode.opened).toBe(1);
});

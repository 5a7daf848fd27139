import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import { z } from 'zod';
import { Failure } from '../../../failure/failure.ts';
import { Once } from './once.ts';
import { type Asked, askedByButton, askedByCommand } from './payload.ts';

export interface SocketModeOptions {
  /** An app-level token (`xapp-…`) with the scope connections:write. Register it with the scrubber first. */
  appToken: string;
  /** `https://slack.com/api/` unless told. */
  apiUrl?: string;
  /** Takes what was asked, and gives what Slack is to show at once; must not wait for anything slow. */
  take: (asked: Asked) => unknown;
  /** Hears that the connection is not there, with the wait before the next try; and of what was not understood. */
  onTrouble: (failure: Failure, retryMs: number | undefined) => void;
  /** Whether to be connected now: only the process that leads is. */
  wanted: () => boolean;
  pauses?: { firstMs: number; mostMs: number; idleMs: number; lookMs: number };
}

const opened = z.object({ ok: z.literal(true), url: z.url({ protocol: /^wss?$/ }) });
const refused = z.object({ ok: z.literal(false), error: z.string().max(200) });
const envelope = z.object({
  type: z.string(),
  envelope_id: z.string().min(1).max(200).optional(),
  payload: z.unknown().optional(),
});
const largest = 1_000_000;
const hurriedMs = 10_000;

/** Slack pings every few seconds; after this long without a word the connection is dead, whatever TCP thinks. */
const usualPauses = { firstMs: 1_000, mostMs: 60_000, idleMs: 45_000, lookMs: 1_000 };

/**
 * Socket Mode: commands and presses over a connection that we open, so that nothing outside needs to reach us. Connects whenever it
 * is wanted, again after every end, until the signal. Each envelope is answered at once, and taken once.
 */
export async function runSocketMode(options: SocketModeOptions, signal: AbortSignal): Promise<void> {
  const pauses = options.pauses ?? usualPauses;
  const once = new Once();
  let failures = 0;
  while (!signal.aborted) {
    if (!options.wanted()) {
      await pause(pauses.lookMs, signal);
      continue;
    }
    const began = Date.now();
    try {
      const url = await connectionUrl(options, signal);
      await session(url, options, once, pauses.idleMs, signal, () => {
        failures = 0;
      });
      // Slack asks to connect anew every few hours; one that asks at once, as with Socket Mode turned off, is not to be hurried.
      if (Date.now() - began < hurriedMs) await pause(pauses.firstMs, signal);
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      const retryMs = Math.min(pauses.firstMs * 2 ** Math.min(failures - 1, 10), pauses.mostMs);
      options.onTrouble(error instanceof Failure ? error : lost(wordsOf(error)), retryMs);
      await pause(retryMs, signal);
    }
  }
}

async function connectionUrl(
  { appToken, apiUrl = 'https://slack.com/api/' }: SocketModeOptions,
  signal: AbortSignal,
): Promise<string> {
  let answer: unknown;
  try {
    const response = await fetch(`${apiUrl.replace(/\/*$/, '/')}apps.connections.open`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${appToken}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
    });
    answer = JSON.parse((await response.text()).slice(0, 100_000));
  } catch (error) {
    throw lost(wordsOf(error));
  }
  const no = refused.safeParse(answer);
  if (no.success) throw lost(`Slack refused: ${no.data.error.replace(/[^\w-]/g, '?')}`);
  const yes = opened.safeParse(answer);
  if (!yes.success) throw lost('Slack answered what its API does not allow');
  const secure = new URL(yes.data.url).protocol === 'wss:' || !apiUrl.startsWith('https:');
  if (!secure) throw lost('Slack named an address without encryption');
  return yes.data.url;
}

/** One connection, to its end. Ends without an error where Slack asks to connect anew, or it is wanted no more. */
function session(
  url: string,
  options: SocketModeOptions,
  once: Once,
  idleMs: number,
  signal: AbortSignal,
  onHello: () => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, {
      maxPayload: largest,
      handshakeTimeout: 10_000,
      followRedirects: false,
    });
    let ended: Failure | undefined;
    const end = (why?: Failure) => {
      ended ??= why;
      socket.terminate();
    };
    const stop = () => end();
    signal.addEventListener('abort', stop, { once: true });
    let idle = setTimeout(() => end(lost('nothing came any more')), idleMs);
    const alive = () => {
      clearTimeout(idle);
      idle = setTimeout(() => end(lost('nothing came any more')), idleMs);
    };
    const look = setInterval(() => {
      if (!options.wanted()) end();
    }, 1_000);
    let asked = false;
    socket.on('ping', alive);
    socket.on('message', data => {
      alive();
      const kind = taken(String(data), options, once, reply => socket.send(JSON.stringify(reply)));
      if (kind === 'hello') onHello();
      if (kind === 'disconnect') {
        asked = true;
        end();
      }
    });
    socket.on('error', error => {
      ended ??= lost(wordsOf(error));
    });
    socket.on('close', () => {
      clearTimeout(idle);
      clearInterval(look);
      signal.removeEventListener('abort', stop);
      if (ended !== undefined) reject(ended);
      else if (asked || signal.aborted || !options.wanted()) resolve();
      else reject(lost('Slack ended the connection'));
    });
  });
}

/** Answers an envelope and hands on what is in it. Returns the envelope's type. */
function taken(
  text: string,
  { take, onTrouble }: SocketModeOptions,
  once: Once,
  reply: (answer: object) => void,
): string | undefined {
  const parsed = envelope.safeParse(json(text));
  const unread = () =>
    onTrouble(new Failure('HF1750', 'Slack sent something that is not understood'), undefined);
  if (!parsed.success) {
    unread();
    return undefined;
  }
  const { type, envelope_id, payload } = parsed.data;
  if (envelope_id === undefined) return type;
  const asked = type === 'slash_commands' ? askedByCommand(payload) : askedByButton(payload);
  // the same envelope comes again where our answer was lost; it is answered again and done once
  const keys = [
    `envelope ${envelope_id}`,
    ...(asked?.trigger === undefined ? [] : [`trigger ${asked.trigger}`]),
  ];
  const isFirst = once.first(keys);
  const answer = asked !== undefined && isFirst ? take(asked) : undefined;
  reply({ envelope_id, ...(answer === undefined ? {} : { payload: answer }) });
  if (asked === undefined) unread();
  return type;
}

function lost(why: string): Failure {
  return new Failure('HF1751', `Slack’s Socket Mode is not connected: ${why}`);
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const words = error.cause instanceof Error ? error.cause.message : error.message;
  // an address of Socket Mode holds a ticket
  return words.replace(/wss?:\/\/\S+/g, 'its address').slice(0, 200);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

import { z } from 'zod';
import { Failure } from '../../failure/failure.ts';
import { readBody } from '../../forge/http/body.ts';
import type { Preview } from '../model.ts';
import { previewSchema } from '../schema.ts';
import type { PreviewAsked } from './serve.ts';

const problemSchema = z.object({ code: z.string(), message: z.string() });
const mostBytes = 64 * 1024 * 1024;

/** Asks a daemon for a preview. The token proves the CI job; it is sent to that address alone. Throws HF1001 for an address that is none, HF2203 and HF2204. */
export async function askDaemon(
  address: string,
  token: string,
  asked: PreviewAsked,
  timeoutMs = 120_000,
): Promise<Preview> {
  const url = addressOf(address);
  let status: number;
  let text: string;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(asked),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    status = response.status;
    text = await readBody(response, mostBytes);
  } catch (error) {
    throw new Failure('HF2203', `no answer from ${url.host}`, { cause: error });
  }
  const body = jsonOf(text);
  if (status === 200) {
    const read = previewSchema.safeParse(body);
    if (read.success) return answerTo(asked, read.data as unknown as Preview, url);
    throw new Failure('HF2203', `${url.host} answered with something that is no preview`);
  }
  const problem = problemSchema.safeParse(body);
  const words = problem.success ? `${problem.data.code} ${problem.data.message}` : `status ${status}`;
  const code = status === 401 || status === 403 ? 'HF2204' : 'HF2203';
  throw new Failure(code, `${url.host} says: ${words.slice(0, 500)}`);
}

/** `/preview` below the address that was given, which may be a folder behind a proxy. */
function addressOf(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new Failure('HF1001', '--daemon must be an http or https address');
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/preview`;
  url.search = '';
  url.hash = '';
  return url;
}

/** A preview of other commits, such as one that a cache in between kept, must not stand on this pull request. */
function answerTo({ base, head }: PreviewAsked, preview: Preview, { host }: URL): Preview {
  if (preview.base === base && preview.head === head) return preview;
  const pair = (of: { base: string; head: string }) => `${of.head.slice(0, 12)} into ${of.base.slice(0, 12)}`;
  throw new Failure(
    'HF2203',
    `${host} answered with a preview of ${pair(preview)} instead of ${pair({ base, head })}`,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { TellFailure } from '../incidents/outlet.ts';
import { asking } from '../telemetry/requests.ts';

export interface HttpTarget {
  /** In messages: `the alert webhook`. */
  name: string;
  url: string;
  timeoutMs: number;
}

/**
 * Posts JSON once. Throws a TellFailure HF1703: for an answer of 429 and of the server’s failing it is worth trying again, other
 * refusals concern this message alone.
 */
export async function postJson(
  { name, url, timeoutMs }: HttpTarget,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  let response: Response;
  try {
    const send = () =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': 'holdfast', ...headers },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
    response = await asking({ service: 'receiver', method: 'POST' }, send, ({ status }) => status);
    await response.body?.cancel();
  } catch (error) {
    const why = error instanceof Error ? whyOf(error) : String(error);
    throw new TellFailure('HF1703', `cannot reach ${name}: ${why}`, { scope: 'outlet', cause: error });
  }
  if (response.ok) return;
  const passing = response.status >= 500 || response.status === 429 || response.status === 408;
  throw new TellFailure('HF1703', `${name} answered ${response.status}`, {
    scope: passing ? 'outlet' : 'message',
    retryAfterMs: retryAfter(response.headers.get('retry-after')),
  });
}

function whyOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** The header in seconds; its other form, a date, is passed over. */
function retryAfter(header: string | null): number | undefined {
  return header !== null && /^\d{1,5}$/.test(header) ? Number(header) * 1000 : undefined;
}

import { Failure } from '../failure/failure.ts';

/**
 * Posts to the address that Slack gave for answers. Only Slack's own host is posted to, or that of the API where another is set
 * (a test's): an address in a request leads nowhere else. Nothing is followed. Throws HF1752.
 */
export function responseUrls(apiUrl: string | undefined) {
  const allowed = new Set(['https://hooks.slack.com', 'https://hooks.slack-gov.com']);
  if (apiUrl !== undefined) allowed.add(new URL(apiUrl).origin);
  return async (url: string, body: object): Promise<void> => {
    if (!URL.canParse(url) || !allowed.has(new URL(url).origin))
      throw new Failure('HF1752', 'the address for answers is not one of Slack');
    let status: number;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(10_000),
      });
      status = response.status;
      await response.body?.cancel();
    } catch {
      throw new Failure('HF1752', 'Slack took no answer: no connection');
    }
    if (status !== 200) throw new Failure('HF1752', `Slack took no answer: status ${status}`);
  };
}

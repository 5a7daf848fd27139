import { request } from 'node:https';

/** The answer of the API server: the status and the text of the body. */
export interface ApiAnswer {
  status: number;
  body: string;
}

/** Whom to ask, and as whom. */
export interface ApiAddress {
  server: string;
  ca: Buffer;
  token: string;
}

/** One request to the API server, given up after `timeoutMs` (5 s). Rejects when there is no answer; any status is an answer. */
export function askApiServer(
  { server, ca, token }: ApiAddress,
  path: string,
  {
    method = 'GET',
    body,
    contentType = 'application/json',
    timeoutMs = 5_000,
  }: { method?: string; body?: unknown; contentType?: string; timeoutMs?: number } = {},
): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': contentType,
      accept: 'application/json',
    };
    const outgoing = request(
      new URL(path, server),
      { method, headers, ca, agent: false, timeout: timeoutMs },
      answer => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
        );
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer in ${timeoutMs} ms`)));
    outgoing.on('error', reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

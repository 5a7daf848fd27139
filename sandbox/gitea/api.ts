import { Failure } from '../../src/failure/failure.ts';

/** The answer of Gitea's API: the status, and the body as JSON where it is. */
export interface GiteaAnswer {
  status: number;
  body: unknown;
}

/** One request to `/api/v1`, with a token or a name and password; any status is an answer. */
export async function askGitea(
  url: string,
  authorization: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<GiteaAnswer> {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json', accept: 'application/json' },
    signal: AbortSignal.timeout(30_000),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: parse(text) };
}

/** As `askGitea`, and any status but 2xx is a Failure with what Gitea said. */
export async function mustAskGitea(...request: Parameters<typeof askGitea>): Promise<unknown> {
  const { status, body } = await askGitea(...request);
  if (status >= 200 && status < 300) return body;
  const [, , method, path] = request;
  throw new Failure(
    'HF1004',
    `gitea answered ${status} to ${method} ${path}: ${JSON.stringify(body)?.slice(0, 300)}`,
  );
}

/** The value of the Authorization header for a token, and for a name and password. */
export const byToken = (token: string): string => `token ${token}`;
export const byPassword = (name: string, password: string): string =>
  `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

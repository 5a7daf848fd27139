import type { z } from 'zod';

/** Asks a real Gitea as a person of the scenario, and checks the answer: a test must not go on with what did not happen. */
export interface GiteaApi {
  call(
    token: string,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; json: unknown }>;
  /** As `call`, but any other status than those given is an error with Gitea's words. */
  expect<T extends z.ZodType>(
    schema: T,
    token: string,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<z.output<T>>;
}

export function createGiteaApi(url: string): GiteaApi {
  async function call(authorization: string, method: string, path: string, body?: unknown) {
    const response = await fetch(`${url.replace(/\/$/, '')}/api/v1${path}`, {
      method,
      headers: {
        authorization: authorization.includes(' ') ? authorization : `token ${authorization}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    let json: unknown = null;
    try {
      json = text === '' ? null : JSON.parse(text);
    } catch {
      json = text;
    }
    return { status: response.status, json };
  }
  return {
    call,
    async expect(schema, token, method, path, body) {
      const { status, json } = await call(token, method, path, body);
      if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
      return schema.parse(json);
    },
  };
}

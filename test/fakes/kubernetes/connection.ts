import type { ApiRequest, ApiResponse, Connection } from '../../../src/cluster/connection.ts';

/** An answer of the fake API server: status and body, or an error to throw. */
export type Answer = { status?: number; body?: unknown; headers?: Record<string, string> } | Error;

/** Says what to answer; undefined is a 404 of a page that is not there. */
export type Answering = (request: ApiRequest & { method: string }) => Answer | undefined;

/** A connection without a server, for the borders that sit on it. Every request is remembered. */
export interface FakeConnection {
  connection: Connection;
  requests: (ApiRequest & { method: string })[];
}

export function fakeConnection(answering: Answering): FakeConnection {
  const requests: FakeConnection['requests'] = [];
  const request = async (asked: ApiRequest): Promise<ApiResponse> => {
    const whole = { ...asked, method: asked.method ?? 'GET' };
    requests.push(whole);
    const answer = answering(whole) ?? { status: 404, body: '404 page not found' };
    if (answer instanceof Error) throw answer;
    return { status: answer.status ?? 200, headers: answer.headers ?? {}, body: answer.body };
  };
  const lines = async (
    asked: ApiRequest,
    onLine: (line: string) => void,
    onOpen = () => {},
  ): Promise<number> => {
    const { status, body } = await request(asked);
    if (status === 200) onOpen();
    for (const line of Array.isArray(body) ? body : [body]) onLine(JSON.stringify(line));
    return status;
  };
  const connection = { server: 'https://fake', namespace: 'default', request, lines, close: () => {} };
  return { connection: connection as unknown as Connection, requests };
}

/** A `Status` as the API server answers it. */
export function statusBody(reason: string, message: string, more: object = {}): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message, ...more };
}

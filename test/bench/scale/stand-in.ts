import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { dataOf, nameOf, namespaceOf, type Size } from './set.ts';

const path = /^\/api\/v1\/namespaces\/([a-z0-9-]+)\/configmaps(?:\/([a-z0-9-]+))?$/;

/** An API server as far as 200 namespaces full of ConfigMaps go, which it makes up; all else is asked of a real one. */
export interface StandIn {
  readonly url: string;
  /** Dry runs that were asked for. */
  dryRuns: number;
  /** Lets a hand edit be seen by whoever watches. */
  edit(unit: number, index: number, value: string): void;
  close(): Promise<void>;
}

export async function startStandIn(
  real: { server: string; certificate: Buffer; token: string },
  size: Size,
): Promise<StandIn> {
  const watches = new Map<string, Set<http.ServerResponse>>();
  const edits = new Map<string, string>();
  let version = 1_000_000;

  const live = (namespace: string, name: string) => {
    const edited = edits.get(`${namespace}/${name}`);
    const index = Number(name.slice(name.lastIndexOf('-') + 1));
    const data = { ...dataOf(index), ...(edited === undefined ? {} : { value: edited }) };
    const manager = edited === undefined ? 'holdfast' : 'kubectl-edit';
    return {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        ...{ name, namespace, uid: `${namespace}-${name}`, resourceVersion: String(version) },
        creationTimestamp: '2026-01-01T00:00:00Z',
        managedFields: [
          {
            ...{
              manager,
              operation: 'Apply',
              apiVersion: 'v1',
              time: '2026-01-01T00:00:00Z',
              fieldsType: 'FieldsV1',
            },
            fieldsV1: { 'f:data': Object.fromEntries(Object.keys(data).map(key => [`f:${key}`, {}])) },
          },
        ],
      },
      data,
    };
  };

  const list = (namespace: string, query: URLSearchParams) => {
    const from = Number(query.get('continue') ?? '0');
    const to = Math.min(from + Number(query.get('limit') ?? size.objects), size.objects);
    const items = Array.from({ length: to - from }, (_, index) => live(namespace, nameOf(from + index)));
    const more = to < size.objects ? { continue: String(to) } : {};
    return {
      kind: 'ConfigMapList',
      apiVersion: 'v1',
      metadata: { resourceVersion: String(version), ...more },
      items,
    };
  };

  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const [, namespace, name] = path.exec(url.pathname) ?? [];
    if (namespace === undefined) {
      forward(real, request, response);
      return;
    }
    if (url.searchParams.get('watch') === 'true') {
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      const own = watches.get(namespace) ?? new Set();
      watches.set(namespace, own.add(response));
      response.on('close', () => own.delete(response));
      return;
    }
    const body = await bodyOf(request);
    if (url.searchParams.has('dryRun')) standIn.dryRuns += 1;
    const answer =
      name === undefined
        ? list(namespace, url.searchParams)
        : request.method === 'GET'
          ? live(namespace, name)
          : {
              ...live(namespace, name),
              ...z.looseObject({ data: z.unknown() }).parse(body),
              metadata: live(namespace, name).metadata,
            };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const standIn: StandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    dryRuns: 0,
    edit(unit, index, value) {
      const [namespace, name] = [namespaceOf(unit), nameOf(index)];
      edits.set(`${namespace}/${name}`, value);
      version += 1;
      const event = `${JSON.stringify({ type: 'MODIFIED', object: live(namespace, name) })}\n`;
      for (const response of watches.get(namespace) ?? []) response.write(event);
    },
    async close() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
  return standIn;
}

async function bodyOf(request: http.IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

function forward(
  real: { server: string; certificate: Buffer; token: string },
  request: http.IncomingMessage,
  response: http.ServerResponse,
): void {
  const headers = { ...request.headers, authorization: `Bearer ${real.token}` };
  const { method } = request;
  const onward = https.request(new URL(request.url ?? '/', real.server), {
    method,
    headers,
    ca: real.certificate,
  });
  onward.on('error', () => response.destroy());
  onward.on('response', answer => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  request.pipe(onward);
}

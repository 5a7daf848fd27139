import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { Connection } from '../../../cluster/connection.ts';

/** A way to the API server for one child process, without its credentials. */
export interface ApiProxy {
  /** A kubeconfig that leads to it, as text. */
  kubeconfig(namespace: string): string;
  /** From then on nothing reaches the server any more through it, and what is in flight is ended. */
  close(): void;
}

/** Headers that belong to one connection, or would be taken for credentials. */
const ownHeaders = new Set([
  'connection',
  'host',
  'authorization',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Listens on the loopback interface and passes requests on to the API server. Only who knows the path, a random one, is served:
 * a kubeconfig for plain HTTP carries no token. A child that outlives this process reaches nothing: so an interrupted upgrade
 * cannot go on behind the back of whoever takes over.
 */
export async function openApiProxy(connection: Connection): Promise<ApiProxy> {
  const secret = randomBytes(24).toString('hex');
  const closing = new AbortController();
  const server = http.createServer((incoming, outgoing) => {
    void passOn(connection, secret, incoming, outgoing, closing.signal);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    kubeconfig: namespace => kubeconfigText(`http://127.0.0.1:${port}/${secret}`, namespace),
    close() {
      closing.abort();
      server.close();
      server.closeAllConnections();
    },
  };
}

async function passOn(
  connection: Connection,
  secret: string,
  incoming: http.IncomingMessage,
  outgoing: http.ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  const url = incoming.url ?? '';
  if (!url.startsWith(`/${secret}/`)) {
    outgoing.writeHead(404).end();
    return;
  }
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).filter(
      ([name]) => !ownHeaders.has(name) && !name.startsWith('impersonate-'),
    ),
  );
  const request = {
    method: incoming.method ?? 'GET',
    path: url.slice(secret.length + 1),
    headers,
    body: incoming,
  };
  try {
    const answer = await connection.forward(request, AbortSignal.any([closing, gone.signal]));
    const kept = Object.entries(answer.headers).filter(([name]) => !ownHeaders.has(name));
    outgoing.writeHead(answer.statusCode ?? 502, Object.fromEntries(kept));
    outgoing.flushHeaders();
    await pipeline(answer, outgoing);
  } catch {
    if (!outgoing.headersSent) outgoing.writeHead(502);
    outgoing.end();
  }
}

function kubeconfigText(server: string, namespace: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'cluster', cluster: { server } }],
    users: [{ name: 'holdfast', user: {} }],
    contexts: [{ name: 'holdfast', context: { cluster: 'cluster', user: 'holdfast', namespace } }],
    'current-context': 'holdfast',
  });
}

import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before a server and can be cut, so that one address of it is down while another works. */
export interface Proxy {
  readonly url: string;
  /** While it is cut, connections are closed without an answer. */
  cut: boolean;
  close(): Promise<void>;
}

/** Starts a proxy for plain HTTP to `target`. */
export async function startProxy(target: string): Promise<Proxy> {
  const server = http.createServer((request, response) => {
    if (proxy.cut) {
      request.socket.destroy();
      return;
    }
    const { method, headers } = request;
    const onward = http.request(new URL(request.url ?? '/', target), { method, headers, agent: false });
    onward.once('error', () => response.destroy());
    onward.once('response', answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const proxy: Proxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: false,
    async close() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
  return proxy;
}

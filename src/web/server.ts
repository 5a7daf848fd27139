import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { Failure } from '../failure/failure.ts';

export interface Listening {
  url: string;
  close(): Promise<void>;
}

/** Serves an app. Throws HF1001 when the address cannot be had. Slow and idle clients are cut off. */
export async function serve(app: Hono, address: { host: string; port: number }): Promise<Listening> {
  const server = createServer(
    { requestTimeout: 15_000, headersTimeout: 10_000, keepAliveTimeout: 10_000, maxHeaderSize: 16_384 },
    getRequestListener(app.fetch),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', error =>
      reject(
        new Failure(
          'HF1001',
          `HOLDFAST_LISTEN: cannot listen on ${address.host}:${address.port} (${'code' in error ? error.code : error.message})`,
        ),
      ),
    );
    server.listen(address.port, address.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://${address.host}:${port}`, close: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise(resolve => server.close(() => resolve()));
}

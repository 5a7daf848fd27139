import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpOrigin {
  url: string;
  /** Answer everything from now on with this status (and Location); 0 answers nothing, undefined serves the repository. */
  answer(status: number | undefined, location?: string): void;
  close(): Promise<void>;
}

/** Serves the repository in `folder` over HTTP by `git http-backend`, to those who send this token as a Basic password. */
export async function serveOverHttp(folder: string, token: string): Promise<HttpOrigin> {
  let fixed: { status: number; location?: string | undefined } | undefined;
  const server = createServer((request, response) => {
    if (fixed?.status === 0) return;
    if (fixed !== undefined) {
      response
        .writeHead(fixed.status, fixed.location === undefined ? {} : { location: fixed.location })
        .end();
    } else if (passwordOf(request) !== token) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="forge"' }).end();
    } else backend(folder, request, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/.git`,
    answer: (status, location) => {
      fixed = status === undefined ? undefined : { status, location };
    },
    close: () => closed(server),
  };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise(resolve => server.close(() => resolve()));
}

function passwordOf(request: IncomingMessage): string {
  const pair = Buffer.from((request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString();
  return pair.slice(pair.indexOf(':') + 1);
}

function backend(folder: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://origin');
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      ...(request.headers['content-encoding']
        ? { HTTP_CONTENT_ENCODING: request.headers['content-encoding'] }
        : {}),
    },
  });
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.on('close', () => {
    const all = Buffer.concat(chunks);
    const end = all.indexOf('\r\n\r\n');
    const headers = all.toString('latin1', 0, end).split('\r\n');
    const status = headers.find(line => line.startsWith('Status: '));
    for (const line of headers) {
      const [name = '', value = ''] = line.split(/: (.*)/s);
      if (name !== 'Status' && name !== '') response.setHeader(name, value);
    }
    response.writeHead(status === undefined ? 200 : Number(status.slice(8, 11))).end(all.subarray(end + 4));
  });
}

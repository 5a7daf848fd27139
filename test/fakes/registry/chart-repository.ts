import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Access, type Credentials } from './access.ts';
import { digestOf } from './store.ts';

/** A classic chart repository on the loopback interface: an index.yaml, and the packages that it names. */
export class FakeChartRepository {
  /** Paths, in order. */
  readonly requests: string[] = [];
  /** While it is set every request is answered so. */
  trouble: { status: number; body: string } | undefined;
  readonly #access: Access;
  readonly #packages = new Map<string, { name: string; version: string; bytes: Buffer }>();
  readonly #server = http.createServer((request, response) => this.#serve(request, response));

  private constructor(credentials: Omit<Credentials, 'scheme'> | undefined) {
    this.#access = new Access(credentials === undefined ? undefined : { ...credentials, scheme: 'basic' });
  }

  static async start(credentials?: Omit<Credentials, 'scheme'>): Promise<FakeChartRepository> {
    const repository = new FakeChartRepository(credentials);
    await new Promise<void>(resolve => repository.#server.listen(0, '127.0.0.1', resolve));
    return repository;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** A package of the same name and version is replaced. */
  put(name: string, version: string, bytes: Buffer): void {
    this.#packages.set(`/${name}-${version}.tgz`, { name, version, bytes });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  #serve({ url = '', headers }: http.IncomingMessage, response: http.ServerResponse): void {
    this.requests.push(url);
    const file = url === '/index.yaml' ? this.#index() : this.#packages.get(url)?.bytes;
    if (this.trouble !== undefined) response.writeHead(this.trouble.status).end(this.trouble.body);
    else if (!this.#access.allows(headers))
      response.writeHead(401, { 'www-authenticate': this.#access.challenge(this.url, '') }).end();
    else response.writeHead(file === undefined ? 404 : 200).end(file);
  }

  /** JSON is YAML. */
  #index(): string {
    const entries: Record<string, object[]> = {};
    for (const [path, { name, version, bytes }] of this.#packages) {
      const entry = {
        apiVersion: 'v2',
        name,
        version,
        urls: [path.slice(1)],
        digest: digestOf(bytes).slice(7),
      };
      entries[name] = [...(entries[name] ?? []), entry];
    }
    return JSON.stringify({ apiVersion: 'v1', entries });
  }
}

import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Access, type Credentials } from './access.ts';
import { digestOf, RegistryError, RegistryStore } from './store.ts';

/** Media types of a packaged chart, as helm gives them to a registry. */
export const chartTypes = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.cncf.helm.config.v1+json',
  chart: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
};

/**
 * An OCI registry over plain HTTP on the loopback interface: what the distribution specification says of pulling and pushing, and
 * its errors. It has no deletion, no referrers and no chunks out of order.
 */
export class FakeRegistry {
  readonly store = new RegistryStore();
  /** `GET /v2/…`, in order; those that were refused for want of credentials as well. */
  readonly requests: string[] = [];
  /** While it is set every request is answered so. */
  trouble: { status: number; body: string } | undefined;
  readonly #access: Access;
  readonly #uploads = new Map<string, Buffer>();
  readonly #server = http.createServer((request, response) => void this.#serve(request, response));

  private constructor(credentials: Credentials | undefined) {
    this.#access = new Access(credentials);
  }

  static async start(credentials?: Credentials): Promise<FakeRegistry> {
    const registry = new FakeRegistry(credentials);
    await new Promise<void>(resolve => registry.#server.listen(0, '127.0.0.1', resolve));
    return registry;
  }

  /** `127.0.0.1:PORT`, as it stands in `oci://` addresses. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Puts a packaged chart under a name and tag by hand, as `helm push` does; an existing tag moves. Returns the digest of the chart. */
  put(name: string, tag: string, chart: Buffer): string {
    const config = Buffer.from(JSON.stringify({ name: name.split('/').at(-1), version: tag }));
    const descriptor = (mediaType: string, bytes: Buffer) => {
      const digest = digestOf(bytes);
      this.store.putBlob(name, digest, bytes);
      return { mediaType, digest, size: bytes.length };
    };
    const manifest = {
      schemaVersion: 2,
      mediaType: chartTypes.manifest,
      config: descriptor(chartTypes.config, config),
      layers: [descriptor(chartTypes.chart, chart)],
    };
    this.store.putManifest(name, tag, chartTypes.manifest, Buffer.from(JSON.stringify(manifest)));
    return digestOf(chart);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', `http://${this.address}`);
    this.requests.push(`${request.method} ${url.pathname}`);
    try {
      this.#answer(request, response, url, Buffer.concat(chunks));
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      const body = JSON.stringify({ errors: [{ code: error.code, message: error.message }] });
      response.writeHead(error.status, { 'content-type': 'application/json' });
      response.end(request.method === 'HEAD' ? undefined : body);
    }
  }

  #answer(request: http.IncomingMessage, response: http.ServerResponse, url: URL, body: Buffer): void {
    if (this.trouble !== undefined) {
      response.writeHead(this.trouble.status).end(this.trouble.body);
      return;
    }
    if (url.pathname === '/token') {
      const token = this.#access.token(request.headers);
      if (token === undefined) throw new RegistryError(401, 'UNAUTHORIZED', 'who are you?');
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ token }));
      return;
    }
    const [, name = '', rest = ''] = /^\/v2\/(.+?)\/((?:manifests|blobs|tags)\/.+)$/.exec(url.pathname) ?? [];
    if (!this.#access.allows(request.headers)) {
      response.setHeader('www-authenticate', this.#access.challenge(url.origin, name));
      throw new RegistryError(401, 'UNAUTHORIZED', 'authentication is required');
    }
    if (url.pathname === '/v2/') response.writeHead(200).end('{}');
    else if (name === '') throw new RegistryError(404, 'NAME_UNKNOWN', 'there is nothing here');
    else if (rest.startsWith('manifests/')) this.#manifest(request, response, name, rest.slice(10), body);
    else if (rest.startsWith('blobs/uploads/')) this.#upload(request, response, url, name, body);
    else if (rest.startsWith('blobs/')) this.#blob(request, response, name, rest.slice(6));
    else if (rest === 'tags/list')
      response.writeHead(200).end(JSON.stringify({ name, tags: this.store.tags(name) }));
    else throw new RegistryError(405, 'UNSUPPORTED', 'this cannot be done here');
  }

  #manifest(
    { method = '', headers }: http.IncomingMessage,
    response: http.ServerResponse,
    name: string,
    reference: string,
    body: Buffer,
  ): void {
    if (method === 'PUT') {
      const type = headers['content-type'] ?? '';
      const { digest } = this.store.putManifest(name, reference, type, body);
      const location = `/v2/${name}/manifests/${digest}`;
      response.writeHead(201, { location, 'docker-content-digest': digest }).end();
      return;
    }
    reading(method);
    const { digest, mediaType, bytes } = this.store.manifest(name, reference);
    response.writeHead(200, {
      'content-type': mediaType,
      'content-length': bytes.length,
      'docker-content-digest': digest,
    });
    response.end(method === 'HEAD' ? undefined : bytes);
  }

  #blob(
    { method = '' }: http.IncomingMessage,
    response: http.ServerResponse,
    name: string,
    digest: string,
  ): void {
    reading(method);
    const bytes = this.store.blob(name, digest);
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-length': bytes.length,
      'docker-content-digest': digest,
    });
    response.end(method === 'HEAD' ? undefined : bytes);
  }

  /** POST begins, PATCH adds, PUT ends an upload with its digest; POST with a digest does all at once. */
  #upload(
    { method }: http.IncomingMessage,
    response: http.ServerResponse,
    { pathname, searchParams }: URL,
    name: string,
    body: Buffer,
  ): void {
    const id = pathname.split('/').at(-1) ?? '';
    const digest = searchParams.get('digest');
    const begun = method === 'POST' ? Buffer.alloc(0) : this.#uploads.get(id);
    if (begun === undefined) throw new RegistryError(404, 'BLOB_UPLOAD_UNKNOWN', 'no such upload was begun');
    const bytes = Buffer.concat([begun, body]);
    if ((method === 'PUT' || method === 'POST') && digest !== null) {
      this.store.putBlob(name, digest, bytes);
      this.#uploads.delete(id);
      response.writeHead(201, { location: `/v2/${name}/blobs/${digest}`, 'docker-content-digest': digest });
      response.end();
      return;
    }
    if (method !== 'POST' && method !== 'PATCH')
      throw new RegistryError(400, 'DIGEST_INVALID', 'an upload ends with its digest');
    const next = method === 'POST' ? randomUUID() : id;
    this.#uploads.set(next, bytes);
    const location = `/v2/${name}/blobs/uploads/${next}`;
    response.writeHead(202, { location, range: `0-${Math.max(bytes.length - 1, 0)}` }).end();
  }
}

function reading(method: string): void {
  if (method !== 'GET' && method !== 'HEAD')
    throw new RegistryError(405, 'UNSUPPORTED', 'this cannot be done here');
}

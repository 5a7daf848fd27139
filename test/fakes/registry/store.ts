import { hash } from 'node:crypto';

/** An error of the distribution specification: the status of the answer, and the code that its body names. */
export class RegistryError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface Manifest {
  digest: string;
  mediaType: string;
  bytes: Buffer;
}

interface Repository {
  blobs: Map<string, Buffer>;
  manifests: Map<string, Manifest>;
  tags: Map<string, string>;
}

// the grammars of the specification
const names = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;
const tags = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const digests = /^sha256:[a-f0-9]{64}$/;

export function digestOf(bytes: Buffer): string {
  return `sha256:${hash('sha256', bytes, 'hex')}`;
}

/** What a registry holds: blobs and manifests by digest, tags that may move. Throws RegistryError as a registry answers. */
export class RegistryStore {
  readonly #repositories = new Map<string, Repository>();

  putBlob(name: string, digest: string, bytes: Buffer): void {
    if (!digests.test(digest) || digestOf(bytes) !== digest)
      throw new RegistryError(400, 'DIGEST_INVALID', 'the content has another digest');
    this.#made(name).blobs.set(digest, bytes);
  }

  blob(name: string, digest: string): Buffer {
    const found = this.#known(name).blobs.get(digest);
    if (found === undefined) throw new RegistryError(404, 'BLOB_UNKNOWN', 'there is no such blob');
    return found;
  }

  /** Every blob that a manifest names must be there before it. */
  putManifest(name: string, reference: string, mediaType: string, bytes: Buffer): Manifest {
    const digest = digestOf(bytes);
    const named = reference.includes(':');
    if (named && reference !== digest)
      throw new RegistryError(400, 'DIGEST_INVALID', 'the manifest has another digest');
    if (!named && !tags.test(reference)) throw new RegistryError(400, 'MANIFEST_INVALID', 'this is no tag');
    const repository = this.#made(name);
    for (const blob of blobsOf(bytes, mediaType))
      if (!repository.blobs.has(blob))
        throw new RegistryError(404, 'MANIFEST_BLOB_UNKNOWN', `there is no blob ${blob}`);
    const manifest = { digest, mediaType, bytes };
    repository.manifests.set(digest, manifest);
    if (!named) repository.tags.set(reference, digest);
    return manifest;
  }

  manifest(name: string, reference: string): Manifest {
    const { tags: known, manifests } = this.#known(name);
    const found = manifests.get(reference.includes(':') ? reference : (known.get(reference) ?? ''));
    if (found === undefined) throw new RegistryError(404, 'MANIFEST_UNKNOWN', 'there is no such manifest');
    return found;
  }

  tags(name: string): string[] {
    return [...this.#known(name).tags.keys()].sort();
  }

  /** Spoils what is kept: the bytes no longer have the digest under which they are served. */
  spoil(name: string, digest: string): void {
    const bytes = Buffer.from(this.blob(name, digest));
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 0xff;
    this.#known(name).blobs.set(digest, bytes);
  }

  #known(name: string): Repository {
    checkName(name);
    const found = this.#repositories.get(name);
    if (found === undefined) throw new RegistryError(404, 'NAME_UNKNOWN', 'there is no such repository');
    return found;
  }

  #made(name: string): Repository {
    checkName(name);
    const known = this.#repositories.get(name);
    const repository = known ?? { blobs: new Map(), manifests: new Map(), tags: new Map() };
    this.#repositories.set(name, repository);
    return repository;
  }
}

function checkName(name: string): void {
  if (!names.test(name)) throw new RegistryError(400, 'NAME_INVALID', 'this is no name of a repository');
}

function blobsOf(bytes: Buffer, mediaType: string): string[] {
  const invalid = (what: string) => new RegistryError(400, 'MANIFEST_INVALID', what);
  let manifest: Record<string, unknown>;
  try {
    manifest = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw invalid('it is no JSON');
  }
  const { schemaVersion, mediaType: own, config, layers } = manifest;
  if (schemaVersion !== 2) throw invalid('schemaVersion is not 2');
  if (own !== undefined && own !== mediaType) throw invalid('its mediaType is not that of the request');
  if (!Array.isArray(layers)) throw invalid('it has no layers');
  return [config, ...layers].map(each => {
    const digest: unknown = each?.digest;
    if (typeof digest !== 'string' || !digests.test(digest)) throw invalid('a descriptor has no digest');
    return digest;
  });
}

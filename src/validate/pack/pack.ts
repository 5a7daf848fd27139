import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { compressedPack } from './data.ts';

/** What a schema of the pack says of one place: the part of OpenAPI that built-in kinds use. */
export interface PackedNode {
  /** The name of another schema that stands here. */
  ref?: string;
  /** An OpenAPI type, or `quantity` or `int-or-string`. Without one anything goes. */
  type?: string;
  format?: string;
  properties?: Record<string, PackedNode>;
  items?: PackedNode;
  /** Of a map with keys of one's own choice. */
  values?: PackedNode;
  required?: string[];
  enum?: string[];
  /** Of a list whose items are told apart by these fields. */
  keys?: string[];
  /** A list without repetitions. */
  set?: true;
  /** What the server fills in, where that is more than nothing. */
  default?: string | number;
}

/** The schemas of all kinds that one minor version of Kubernetes serves by default. */
export interface SchemaPack {
  /** `1.34`. */
  version: string;
  /** By apiVersion and kind. */
  kinds: Record<string, Record<string, { schema: string; namespaced: boolean }>>;
  schemas: Record<string, PackedNode>;
}

/** A pack as it is stored: JSON, Brotli, base64. */
export function packText(pack: SchemaPack): string {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
  return brotliCompressSync(JSON.stringify(pack), { params }).toString('base64');
}

let shipped: SchemaPack | undefined;

/** The pack that comes with this release, read at the first call. `npm run schemas` writes it from a real API server. */
export function shippedPack(): SchemaPack {
  shipped ??= JSON.parse(
    brotliDecompressSync(Buffer.from(compressedPack, 'base64')).toString(),
  ) as SchemaPack;
  return shipped;
}

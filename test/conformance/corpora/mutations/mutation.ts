import type { Json } from '../../../../src/json/json.ts';

export interface PatchOperation {
  op: 'add' | 'remove' | 'replace' | 'test';
  path: string;
  value?: Json;
}

/** Something that a person does to one live object. */
export interface Mutation {
  what: string;
  patch: PatchOperation[];
  /** Where a finding must tell of it; the first is the field itself. */
  paths: string[];
}

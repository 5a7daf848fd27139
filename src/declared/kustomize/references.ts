import type { Kustomization } from './fields.ts';

/** Something that a kustomization refers to. */
export interface Reference {
  /** As it is written. */
  text: string;
  /**
   * What it may be: a file; a folder with a kustomization; either; a file or its content written in place; and the same
   * for what configures generators and transformers.
   */
  as: 'file' | 'folder' | 'resource' | 'patch' | 'plugin';
  /** The place in the kustomization, for its line. */
  at: PropertyKey[];
}

/** Every file and folder that a kustomization names, in its order. */
export function referencesOf(fields: Kustomization): Reference[] {
  return [
    ...listed(fields, 'resources', 'resource'),
    ...listed(fields, 'bases', 'resource'),
    ...listed(fields, 'components', 'folder'),
    ...listed(fields, 'crds', 'file'),
    ...listed(fields, 'configurations', 'file'),
    ...listed(fields, 'patchesStrategicMerge', 'patch'),
    ...listed(fields, 'generators', 'plugin'),
    ...listed(fields, 'transformers', 'plugin'),
    ...listed(fields, 'validators', 'plugin'),
    ...withPath(fields.patches, 'patches'),
    ...withPath(fields.patchesJson6902, 'patchesJson6902'),
    ...withPath(fields.replacements, 'replacements'),
    ...generated(fields, 'configMapGenerator'),
    ...generated(fields, 'secretGenerator'),
    ...one(fields.openapi?.path, ['openapi', 'path']),
  ];
}

type Listed =
  | 'resources'
  | 'bases'
  | 'components'
  | 'crds'
  | 'configurations'
  | 'patchesStrategicMerge'
  | 'generators'
  | 'transformers'
  | 'validators';

function listed(fields: Kustomization, key: Listed, as: Reference['as']): Reference[] {
  return (fields[key] ?? []).map((text, index) => ({ text, as, at: [key, index] }));
}

function withPath(
  items: { path?: string | null | undefined }[] | null | undefined,
  key: string,
): Reference[] {
  return (items ?? []).flatMap(({ path }, index) => one(path, [key, index, 'path']));
}

function generated(fields: Kustomization, key: 'configMapGenerator' | 'secretGenerator'): Reference[] {
  return (fields[key] ?? []).flatMap((item, index) => dataReferences(item, [key, index]));
}

interface DataSources {
  files?: string[] | null | undefined;
  envs?: string[] | null | undefined;
  env?: string | null | undefined;
}

/** The files from which a ConfigMap or Secret is generated: `files` may give each a key, as in `key=path`. */
export function dataReferences({ files, envs, env }: DataSources, at: PropertyKey[]): Reference[] {
  const file = (text: string, key: string, index: number): Reference => ({
    text,
    as: 'file',
    at: [...at, key, index],
  });
  return [
    ...(files ?? []).map((text, index) => file(text.slice(text.indexOf('=') + 1), 'files', index)),
    ...(envs ?? []).map((text, index) => file(text, 'envs', index)),
    ...one(env, [...at, 'env']),
  ];
}

/** An empty path is none, to kustomize too. */
export function one(path: string | null | undefined, at: PropertyKey[]): Reference[] {
  return path === undefined || path === null || path === '' ? [] : [{ text: path, as: 'file', at }];
}

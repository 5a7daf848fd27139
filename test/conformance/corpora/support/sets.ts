import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../../../sandbox/processes/run.ts';
import type { DeclaredObject } from '../../../../src/declared/declaration.ts';
import { folderTree } from '../../../../src/declared/folder.ts';
import { hashOf } from '../../../../src/declared/hash.ts';
import { readFile } from '../../../../src/declared/objects/file.ts';
import { baseName, folderOf, isKustomization, isManifest } from '../../../../src/declared/units/paths.ts';

/** The objects of one file, or of one rendered kustomization. */
export interface ManifestFile {
  path: string;
  objects: DeclaredObject[];
}

/** Manifests that belong together: a corpus, a project of the test vectors, or the kustomizations of one. */
export interface ManifestSet {
  name: string;
  files: ManifestFile[];
}

/** Our own: kinds and ways to write that the corpora lack. */
const further = ['further', join(import.meta.dirname, '..', 'further')] as const;

/** All sets below the corpora that hold objects, sorted by name. Files of templates add nothing. */
export async function manifestSets(corpora: string, kubectl: string): Promise<ManifestSet[]> {
  const sets: ManifestSet[] = [];
  const folders = [...setFolders(corpora).map(folder => [folder, join(corpora, folder)] as const), further];
  for (const [folder, place] of folders) {
    const tree = await folderTree(place);
    const paths = tree.files.map(({ path }) => path);
    const bytes = await tree.read(paths.filter(isManifest));
    const files = [...bytes].map(([path, text]) => fileOf(path, text));
    const kustomizations = paths.filter(isKustomization).map(path => join(place, folderOf(path)));
    const seen = new Set<string>();
    sets.push({ name: folder, files: files.filter(file => saysMore(file, seen)) });
    const more = (await rendered(kubectl, kustomizations)).filter(file => saysMore(file, seen));
    sets.push({ name: `${folder}, kustomized`, files: more });
  }
  return sets
    .map(set => ({ ...set, files: set.files.filter(({ objects }) => objects.length > 0) }))
    .filter(({ files }) => files.length > 0);
}

/** Whether the file declares anything that no file before it has; remembers what it declares. */
function saysMore({ objects }: ManifestFile, seen: Set<string>): boolean {
  const news = objects.filter(({ hash }) => !seen.has(hash));
  for (const { hash } of news) seen.add(hash);
  return news.length > 0;
}

function setFolders(corpora: string): string[] {
  if (!existsSync(corpora)) throw new Error(`no corpora at ${corpora}: set CORPORA`);
  const foldersIn = (path: string) =>
    readdirSync(path, { withFileTypes: true }).flatMap(entry => (entry.isDirectory() ? [entry.name] : []));
  return foldersIn(corpora)
    .flatMap(name =>
      name === 'vectors' ? foldersIn(join(corpora, name)).map(each => `vectors/${each}`) : [name],
    )
    .sort();
}

function fileOf(path: string, bytes: Buffer): ManifestFile {
  const objects = readFile(bytes, baseName(path)).objects.map(({ identity, object, line }) => ({
    ref: identity,
    object,
    source: { file: path, line },
    hash: hashOf(object),
  }));
  return { path, objects };
}

/** What kubectl makes of the kustomizations; one that it cannot build without a network adds nothing. */
async function rendered(kubectl: string, folders: readonly string[]): Promise<ManifestFile[]> {
  const files: ManifestFile[] = [];
  const queue = folders.values();
  const work = async () => {
    for (const folder of queue) {
      const env = {
        PATH: '/nowhere',
        HOME: '/nowhere',
        KUBECONFIG: '/dev/null',
        https_proxy: 'http://127.0.0.1:1',
      };
      const { code, stdout } = await runCommand(kubectl, ['kustomize', folder], { env, timeoutMs: 20_000 });
      if (code === 0) files.push(fileOf(`${folder}/rendered.yaml`, Buffer.from(stdout)));
    }
  };
  await Promise.all([work(), work()]);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

import { Failure } from '../../failure/failure.ts';
import type { Source } from '../../findings/finding.ts';
import type { JsonObject } from '../../json/json.ts';
import { largestFile } from '../objects/file.ts';
import type { TreeFile } from '../tree.ts';
import { isWithin } from '../units/paths.ts';
import { isProblem, readDocuments, type YamlDocument } from '../yaml/document.ts';
import { quoted } from '../yaml/problem.ts';
import { type Kustomization, kustomizationFields } from './fields.ts';
import { pluginReferences } from './plugins.ts';
import { type Reference, referencesOf } from './references.ts';
import type { Found, TreeIndex } from './tree-index.ts';

/** Why a kustomization is not run. */
export interface Refusal {
  message: string;
  source: Source;
  /** It refers to what lies above the tree's root: a wider tree may hold it. */
  outside?: true;
}

/** A kustomization that was read. */
export interface ReadKustomization {
  file: TreeFile;
  text: Buffer;
  fields: Kustomization;
  document: YamlDocument;
}

/** All that rendering a kustomization can read, and why it must not be run, if anything speaks against it. */
export interface Reach {
  /** The kustomization's folder. */
  folder: string;
  files: TreeFile[];
  /** Every kustomization among them by its folder, that of `folder` first. */
  kustomizations: Map<string, ReadKustomization>;
  /** Files above the folder of the kustomization that names them are wanted, and all names are known for sure. */
  loadsAbove: boolean;
  refusals: Refusal[];
}

const mostFiles = 10_000;
const mostBytes = 64 * 1024 * 1024;
const mostRefusals = 20;

/**
 * Follows a kustomization through bases, components, patches and generators to every file that it can read. What leaves the
 * tree, comes from elsewhere, goes through a symbolic link, runs a program or is not understood is refused.
 */
export async function reachOf(index: TreeIndex, folder: string): Promise<Reach> {
  const walk = new Walk(index, folder);
  await walk.start();
  return walk.reach;
}

class Walk {
  readonly reach: Reach;
  readonly #index: TreeIndex;
  readonly #files = new Map<string, TreeFile>();
  readonly #visited = new Set<string>();
  #bytes = 0;
  #above = false;
  #sure = true;

  constructor(index: TreeIndex, folder: string) {
    this.#index = index;
    this.reach = { folder, files: [], kustomizations: new Map(), loadsAbove: false, refusals: [] };
  }

  async start(): Promise<void> {
    const { folder } = this.reach;
    const found = this.#index.find('.', folder);
    if (found.what === 'folder') await this.#folder(found, { file: folder });
    else this.#refuse('there is no such folder', { file: folder });
    this.reach.files = [...this.#files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    this.reach.loadsAbove = this.#above && this.#sure;
  }

  /** `plugins` is the folder to whose generators and transformers all that is declared there belongs. */
  async #folder(found: Extract<Found, { what: 'folder' }>, from: Source, plugins?: string): Promise<void> {
    const { folder, kustomizations } = found;
    const [file, second] = kustomizations;
    if (file === undefined) return this.#refuse(`the folder ${quoted(folder)} has no kustomization`, from);
    if (second !== undefined) {
      return this.#refuse('there is another kustomization beside it; keep one', {
        file: second.path,
        line: 1,
      });
    }
    const visit = `${plugins ?? ''} ${folder}`;
    if (this.#visited.has(visit)) return;
    this.#visited.add(visit);
    const read = this.reach.kustomizations.get(folder) ?? (await this.#kustomization(file));
    if (read === undefined) return;
    this.reach.kustomizations.set(folder, read);
    this.#refuseHelm(read);
    for (const reference of referencesOf(read.fields)) {
      const source = { file: file.path, line: read.document.lineOfPath(reference.at) };
      await this.#follow(folder, reference, source, plugins);
    }
  }

  async #kustomization(file: TreeFile): Promise<ReadKustomization | undefined> {
    if (!this.#take(file)) return undefined;
    const text = await this.#bytesOf(file);
    if (text === undefined) return undefined;
    const [document, second] = readDocuments(text);
    if (document === undefined || (!isProblem(document) && isEmpty(document.value))) {
      return this.#refuse('it is empty', { file: file.path, line: 1 });
    }
    if (isProblem(document)) return this.#refuse(document.reason, { file: file.path, line: document.line });
    if (second !== undefined) {
      return this.#refuse('a second document is not read', { file: file.path, line: second.line });
    }
    const parsed = kustomizationFields.safeParse(document.value);
    if (parsed.success) return { file, text, fields: parsed.data, document };
    for (const issue of parsed.error.issues) {
      const keys = issue.code === 'unrecognized_keys' ? issue.keys : [];
      const place = (path: PropertyKey[]) => ({ file: file.path, line: document.lineOfPath(path) });
      for (const key of keys)
        this.#refuse(`the field ${quoted(key)} is not known`, place([...issue.path, key]));
      if (keys.length === 0) {
        const what = issue.path.length === 0 ? 'it' : quoted(issue.path.join('.'));
        this.#refuse(`${what} is not what kustomize expects (${issue.message})`, place(issue.path));
      }
    }
    return undefined;
  }

  #refuseHelm({ fields, file, document }: ReadKustomization): void {
    for (const key of ['helmCharts', 'helmChartInflationGenerator'] as const) {
      if ((fields[key] ?? []).length === 0) continue;
      const line = document.lineOfPath([key]);
      this.#refuse('it inflates a Helm chart, which kustomize is not allowed to do here', {
        file: file.path,
        line,
      });
    }
  }

  async #follow(
    folder: string,
    reference: Reference,
    source: Source,
    plugins: string | undefined,
  ): Promise<void> {
    const { text, as } = reference;
    if (as === 'patch' && this.#inPlace(text) !== undefined) return;
    if (as === 'plugin') {
      const configs = this.#inPlace(text);
      if (configs !== undefined) return this.#plugins(configs, folder, source);
    }
    const found = this.#index.find(folder, text);
    const configured = as === 'plugin' ? folder : as === 'resource' ? plugins : undefined;
    if (found.what === 'file' && as !== 'folder') {
      if (!isWithin(found.file.path, folder)) this.#above = true;
      const taken = this.#take(found.file, source);
      if (taken && configured !== undefined) await this.#pluginFile(found.file, configured);
    } else if (found.what === 'folder' && as !== 'file' && as !== 'patch') {
      await this.#folder(found, source, configured);
    } else this.#refuse(refusalOf(found, text, as), source, found.what === 'outside');
  }

  /**
   * The objects that stand in the kustomization itself where a path could. Whether kustomize takes every such text for an
   * object as well is not sure, so from then on it must not look above a kustomization's folder.
   */
  #inPlace(text: string): JsonObject[] | undefined {
    const objects: JsonObject[] = [];
    for (const result of readDocuments(Buffer.from(text, 'utf8'))) {
      if (isProblem(result) || !isNamedObject(result.value)) return undefined;
      objects.push(result.value);
    }
    if (objects.length === 0) return undefined;
    if (/(?:^|\/)\.\.(?:\/|$)|^\//.test(text)) this.#sure = false;
    return objects;
  }

  async #pluginFile(file: TreeFile, folder: string): Promise<void> {
    const text = await this.#bytesOf(file);
    for (const result of text === undefined ? [] : readDocuments(text)) {
      const source = { file: file.path, line: result.line };
      if (isProblem(result)) this.#refuse(result.reason, source);
      else if (isMapping(result.value)) await this.#plugins([result.value], folder, source);
      else this.#refuse('it is no object', source);
    }
  }

  async #plugins(configs: readonly JsonObject[], folder: string, source: Source): Promise<void> {
    // Other kustomizations may patch a configuration before it is used, so the names in it are not all that may come.
    this.#sure = false;
    for (const config of configs) {
      const references = pluginReferences(config);
      if (typeof references === 'string') this.#refuse(`it ${references}`, source);
      else for (const reference of references) await this.#follow(folder, reference, source, undefined);
    }
  }

  #take(file: TreeFile, from: Source = { file: file.path }): boolean {
    if (this.#files.has(file.path)) return true;
    if (file.size > largestFile) {
      this.#refuse(`${quoted(file.path)} is larger than 10 MiB and was not read`, from);
      return false;
    }
    this.#bytes += file.size;
    if (this.#files.size >= mostFiles || this.#bytes > mostBytes) {
      this.#refuse('it reaches more than 10,000 files or 64 MiB', from);
      return false;
    }
    this.#files.set(file.path, file);
    return true;
  }

  async #bytesOf(file: TreeFile): Promise<Buffer | undefined> {
    try {
      return (await this.#index.tree.read([file.path])).get(file.path);
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'HF1105') throw error;
      return this.#refuse(error.message, { file: file.path });
    }
  }

  #refuse(message: string, source: Source, outside = false): undefined {
    const { refusals } = this.reach;
    if (refusals.length < mostRefusals)
      refusals.push({ message, source, ...(outside ? { outside: true } : {}) });
  }
}

/** kustomize refuses such a one, if nothing is added to it. */
function isEmpty(value: unknown): boolean {
  return (
    isMapping(value) &&
    Object.entries(value).every(([key, inner]) => key === 'apiVersion' || key === 'kind' || inner === null)
  );
}

function isMapping(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNamedObject(value: unknown): value is JsonObject {
  if (!isMapping(value) || typeof value['kind'] !== 'string') return false;
  const { metadata } = value;
  return isMapping(metadata) && typeof metadata['name'] === 'string';
}

function refusalOf(found: Found, text: string, as: Reference['as']): string {
  const it = `it refers to ${quoted(withoutCredentials(text))}`;
  const wanted = as === 'folder' ? 'folder' : as === 'file' || as === 'patch' ? 'file' : 'file or folder';
  switch (found.what) {
    case 'remote':
      return `${it}, which would be fetched from elsewhere: only files of the repository are read`;
    case 'outside':
      return `${it}, which lies outside of the repository or of the folder compared`;
    case 'absolute':
      return `${it}, an absolute path`;
    case 'link':
      return `${it}, which is or lies behind a symbolic link, which is not followed`;
    case 'nothing':
      return `${it}, but there is no such ${wanted}`;
    default:
      return `${it}, which is no ${wanted}`;
  }
}

function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/@]*@/, '//').replace(/\?.*$/s, '');
}

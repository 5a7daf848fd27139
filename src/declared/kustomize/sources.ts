import { posix } from 'node:path';
import type { Source } from '../../findings/finding.ts';
import { type FileContents, readFile } from '../objects/file.ts';
import { baseName } from '../units/paths.ts';
import type { Origin } from './build-metadata.ts';
import type { Reach, ReadKustomization } from './reach.ts';

/** Finds the lines of the repository that declare what kustomize gave. */
export class RenderedSources {
  readonly #reach: Reach;
  readonly #bytes: ReadonlyMap<string, Buffer>;
  readonly #read = new Map<string, FileContents>();
  readonly #byFile: ReadonlyMap<string, ReadKustomization>;

  constructor(reach: Reach, bytes: ReadonlyMap<string, Buffer>) {
    this.#reach = reach;
    this.#bytes = bytes;
    this.#byFile = new Map([...reach.kustomizations.values()].map(read => [read.file.path, read]));
  }

  /** Where an object comes from: its document, or its generator; the rendered kustomization when nothing better is told. */
  of(origin: Origin, kind: string | undefined, name: string | undefined): Source {
    const place = origin.path ?? origin.configuredIn;
    if (place !== undefined) {
      const file = posix.join(this.#reach.folder, place);
      const kustomization = this.#byFile.get(file);
      if (kustomization !== undefined) return generatorIn(kustomization, origin.generator, name);
      if (this.#bytes.has(file)) return this.#documentIn(file, kind, name);
    }
    return {
      file: this.#reach.kustomizations.get(this.#reach.folder)?.file.path ?? this.#reach.folder,
      line: 1,
    };
  }

  #documentIn(file: string, kind: string | undefined, name: string | undefined): Source {
    let contents = this.#read.get(file);
    if (contents === undefined) {
      contents = readFile(this.#bytes.get(file) ?? Buffer.alloc(0), baseName(file));
      this.#read.set(file, contents);
    }
    const { objects } = contents;
    const ofKind = objects.filter(({ identity }) => identity.kind === kind);
    const [only, another] = ofKind.length === 0 ? objects : ofKind;
    const fitting =
      nearestName(
        ofKind.map(object => [object.identity.name, object]),
        name,
      ) ?? (another === undefined ? only : undefined);
    return fitting === undefined ? { file } : { file, line: fitting.line };
  }
}

const fieldOf: Readonly<Record<string, 'configMapGenerator' | 'secretGenerator'>> = {
  ConfigMapGenerator: 'configMapGenerator',
  SecretGenerator: 'secretGenerator',
};

function generatorIn(
  { file, fields, document }: ReadKustomization,
  generator: string | undefined,
  name: string | undefined,
): Source {
  const field = generator === undefined ? undefined : fieldOf[generator];
  if (field === undefined) return { file: file.path, line: 1 };
  const names = (fields[field] ?? []).map((item, index): [string, number] => [
    String(item.name ?? ''),
    index,
  ]);
  const index = nearestName(names, name);
  return { file: file.path, line: document.lineOfPath(index === undefined ? [field] : [field, index]) };
}

/** What has this name, else what has the longest name that a prefix, a suffix or a hash could have made into it. */
function nearestName<T>(named: readonly (readonly [string, T])[], name: string | undefined): T | undefined {
  let best: readonly [string, T] | undefined;
  for (const candidate of named) {
    if (candidate[0] === name) return candidate[1];
    const fits = candidate[0] !== '' && name?.includes(candidate[0]);
    if (fits && candidate[0].length > (best?.[0].length ?? 0)) best = candidate;
  }
  return best?.[1];
}

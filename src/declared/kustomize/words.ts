import { posix } from 'node:path';
import type { Json, JsonObject } from '../../json/json.ts';
import { Scrubber } from '../../log/scrubber.ts';
import { folderOf, isKustomization, isManifest } from '../units/paths.ts';
import { isProblem, readDocuments } from '../yaml/document.ts';
import type { Reach, ReadKustomization } from './reach.ts';
import { dataReferences } from './references.ts';

const longest = 600;

/**
 * What kustomize said on failing, fit to be shown: without warnings, control characters, paths of this machine and without the
 * values of Secrets that it was given.
 */
export function wordsOf(
  stderr: string,
  reach: Reach,
  bytes: ReadonlyMap<string, Buffer>,
  clean: (text: string) => string,
): string {
  const said = clean(stderr)
    .replace(/\ngoroutine [\s\S]*$/, '')
    .split('\n')
    .filter(line => line.trim() !== '' && !line.startsWith('# Warning'))
    .join(' ')
    .replace(/^(?:error: |Error: |[EF]\d{4} [^\]]{1,100}\] "command failed" err=)/, '');
  // Text that YAML quotes travels with other spaces than it was written with.
  const plain = new Scrubber(secretsIn(reach, bytes))
    .scrub(said)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  if (plain === '') return 'it said nothing';
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain;
}

/** Every value of a Secret, or of what one is made from, that stands in the files. */
function secretsIn(reach: Reach, bytes: ReadonlyMap<string, Buffer>): string[] {
  const inFiles = [...bytes].flatMap(([path, content]) =>
    isManifest(path) || isKustomization(path) ? textLeaves(content) : [],
  );
  const generated = [...reach.kustomizations.values()].flatMap(read => generatedSecrets(read, bytes));
  return [...new Set([...inFiles, ...generated])];
}

function generatedSecrets({ fields, file }: ReadKustomization, bytes: ReadonlyMap<string, Buffer>): string[] {
  return (fields.secretGenerator ?? []).flatMap(generator => {
    const literals = Array.isArray(generator.literals) ? generator.literals.map(String) : [];
    const files = dataReferences(generator, []).map(({ text }) => posix.join(folderOf(file.path), text));
    const texts = files.map(path => bytes.get(path)?.toString('utf8') ?? '');
    return [...literals, ...texts].flatMap(pairsIn);
  });
}

/** The lines, and in each what comes after the first equals sign. */
function pairsIn(text: string): string[] {
  return text.split('\n').flatMap(line => [line.trim(), line.slice(line.indexOf('=') + 1).trim()]);
}

/** The strings below `data` and `stringData`, wherever they stand: a patch need not say that it is for a Secret. */
function secretLeaves(value: Json, within = false): string[] {
  if (typeof value === 'string') {
    if (within) return [value, ...value.split('\n').map(line => line.trim())];
    return value.includes('\n') ? textLeaves(Buffer.from(value, 'utf8')) : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(item => secretLeaves(item, within));
  return Object.entries(value).flatMap(([key, inner]) => secretLeaves(inner, within || isData(value, key)));
}

function isData(value: JsonObject, key: string): boolean {
  return key === 'stringData' || (key === 'data' && value['kind'] !== 'ConfigMap');
}

/** Those of a file, or of a patch that is written in place. */
function textLeaves(text: Buffer): string[] {
  return readDocuments(text).flatMap(result => (isProblem(result) ? [] : secretLeaves(result.value)));
}

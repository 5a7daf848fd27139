import { Failure } from '../../failure/failure.ts';
import { defaultSettings, type Settings, settingsSchema } from '../settings.ts';
import type { SourceTree } from '../tree.ts';
import { normalFolder } from '../units/paths.ts';
import { isProblem, readDocuments, type YamlDocument } from '../yaml/document.ts';
import { type Complaint, complaintsOf } from './complaints.ts';
import { contradictions } from './contradictions.ts';

const file = 'holdfast.yaml';

export interface LoadedSettings {
  settings: Settings;
  /** Whether there is a holdfast.yaml at all. */
  exists: boolean;
  /** The line of holdfast.yaml that says what is at a path of the settings; 1 where it says nothing. */
  lineOf(path: readonly PropertyKey[]): number;
}

/** As `readSettings`. Throws HF1001 as well, when `environment` is not one that the file knows, or is needed and missing. */
export async function loadSettings(tree: SourceTree, environment?: string): Promise<LoadedSettings> {
  const loaded = await readSettings(tree);
  if (loaded.exists) checkEnvironment(loaded.settings, environment);
  return loaded;
}

/**
 * Reads holdfast.yaml at the root of a tree, whatever environment it is read for; the defaults without one. Throws one Failure
 * HF1104 that names every mistake with its line.
 */
export async function readSettings(tree: SourceTree): Promise<LoadedSettings> {
  const has = (path: string) => tree.files.some(one => one.path === path);
  if (!has(file)) {
    if (has('holdfast.yml')) throw wrong([{ line: 1, message: 'call it holdfast.yaml' }], 'holdfast.yml');
    return { settings: defaultSettings, exists: false, lineOf: () => 1 };
  }
  const bytes = (await tree.read([file])).get(file) ?? Buffer.alloc(0);
  const document = onlyDocument(bytes);
  const value = document?.value ?? {};
  const lineOf = (path: readonly PropertyKey[]) => document?.lineOfPath(path) ?? 1;
  const parsed = settingsSchema.safeParse(value);
  if (!parsed.success) throw wrong(complaintsOf(parsed.error, value, lineOf));
  const problems = contradictions(parsed.data);
  if (problems.length > 0)
    throw wrong(problems.map(({ path, message }) => ({ line: lineOf(path), message })));
  const settings = withNormalPaths(parsed.data);
  return { settings, exists: true, lineOf };
}

function onlyDocument(bytes: Buffer): YamlDocument | undefined {
  const [first, second] = readDocuments(bytes);
  if (first !== undefined && isProblem(first)) throw wrong([{ line: first.line, message: first.reason }]);
  if (second !== undefined) throw wrong([{ line: second.line, message: 'a second document is not read' }]);
  return first;
}

function withNormalPaths(settings: Settings): Settings {
  const units = settings.units.map(unit => ({ ...unit, path: normalFolder(unit.path) ?? unit.path }));
  return { ...settings, units };
}

function wrong(complaints: Complaint[], name = file): Failure {
  const sorted = complaints.sort((a, b) => a.line - b.line);
  const [first, ...rest] = sorted;
  const words = [first?.message ?? '', ...rest.map(({ line, message }) => `line ${line}: ${message}`)].join(
    '; ',
  );
  return new Failure('HF1104', words, { where: { file: name, line: first?.line ?? 1 } });
}

function checkEnvironment(settings: Settings, environment: string | undefined): void {
  const known = settings.environments;
  if (environment === undefined) {
    const needed = settings.units.some(
      unit => unit.environments !== undefined || unit.overrides !== undefined,
    );
    if (needed)
      throw new Failure('HF1001', `say which environment (${known.join(', ')}): units differ between them`);
  } else if (known.length > 0 && !known.includes(environment)) {
    throw new Failure('HF1001', `the environment is none of those in holdfast.yaml (${known.join(', ')})`, {
      where: { subject: environment.slice(0, 63) },
    });
  }
}

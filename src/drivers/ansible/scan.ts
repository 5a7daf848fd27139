import type { DeclaredUnit } from '../../declared/declaration.ts';
import { isProblem, readDocuments } from '../../declared/yaml/document.ts';
import { Failure } from '../../failure/failure.ts';
import type { Finding } from '../../findings/finding.ts';

/** A task, block, play or role that asks to be run for real while the playbook is only checked. */
export interface RealRun {
  file: string;
  line: number;
  /** Its name, or that of the play or block around it. */
  name?: string | undefined;
}

const largestFile = 2 * 1024 * 1024;
const keys: readonly string[] = ['check_mode', 'always_run'];

/**
 * Every place in the unit's YAML files that turns check mode off, or may do so: `check_mode` with any value but `true`. It looks into
 * all files and not only those that a playbook includes, since what is included may be named by a variable. A file that is no YAML for
 * us is looked through line by line. The plugin that guards the run sees each task again.
 */
export function realRuns(file: string, bytes: Buffer): RealRun[] {
  const found: RealRun[] = [];
  const documents = readDocuments(bytes);
  if (documents.some(isProblem)) return inLines(file, bytes);
  for (const document of documents) {
    if (isProblem(document)) continue;
    const walk = (value: unknown, path: PropertyKey[], name: string | undefined): void => {
      if (typeof value !== 'object' || value === null) return;
      const own = Array.isArray(value) ? name : nameOf(value, name);
      for (const [key, inner] of Object.entries(value)) {
        const at = [...path, Array.isArray(value) ? Number(key) : key];
        if (!Array.isArray(value) && keys.includes(key) && !isOn(key, inner))
          found.push({ file, line: document.lineOfPath(at), name: own });
        walk(inner, at, own);
      }
    };
    walk(document.value, [], undefined);
  }
  return found;
}

function inLines(file: string, bytes: Buffer): RealRun[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .flatMap((text, index) => {
      const [, key = '', value = ''] =
        /^[\s-]*["']?(check_mode|always_run)["']?\s*:\s*(.*?)\s*(?:#.*)?$/.exec(text) ?? [];
      const harmless =
        key === '' || (key === 'check_mode' ? /^(?:true|yes|on)$/i : /^(?:false|no|off)$/i).test(value);
      return harmless ? [] : [{ file, line: index + 1 }];
    });
}

/** The findings of a unit that would really run something while it is compared, but for the tasks that its settings allow. */
export async function scan(unit: DeclaredUnit): Promise<Finding[]> {
  const { sources, definition } = unit;
  if (sources === undefined) return [];
  const allowed = definition.ansible?.runsInCheckMode ?? [];
  const files = (sources.reached ?? sources.files).filter(
    ({ path, size }) => /\.ya?ml$/.test(path) && size <= largestFile && !/(?:^|\/)templates\//.test(path),
  );
  const contents = await sources.tree.read(files.map(({ path }) => path));
  return [...contents].flatMap(([path, bytes]) =>
    realRuns(path, bytes)
      .filter(({ name }) => name === undefined || !allowed.includes(name))
      .map(run => refusal(definition.name, run)),
  );
}

function refusal(unit: string, { file, line, name }: RealRun): Finding {
  const what = `${name === undefined ? 'a task' : `the task ‘${name.slice(0, 100)}’`} turns check mode off, so comparing would run it`;
  const source = { file, line };
  const failure = new Failure('HF2106', what, { where: source });
  return {
    unit,
    type: 'unknown',
    resource: { type: 'File', name: file },
    source,
    code: 'HF2106',
    origin: 'declaration',
    message: failure.line,
  };
}

function nameOf(value: object, around: string | undefined): string | undefined {
  const name = 'name' in value ? value.name : undefined;
  return typeof name === 'string' ? name : around;
}

/** `always_run: true` is the old way to say `check_mode: false`. */
function isOn(key: string, value: unknown): boolean {
  return key === 'always_run' ? value === false : value === true;
}

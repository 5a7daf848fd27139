import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeclaredUnit } from '../../declared/declaration.ts';
import { normalFolder } from '../../declared/units/paths.ts';
import { Failure } from '../../failure/failure.ts';
import type { Source } from '../../findings/finding.ts';
import { type Environment, type Purpose, secretsOf } from '../../programs/environment.ts';
import { memoryFolder } from '../../programs/memory.ts';
import { type RunEnd, runToEnd } from '../../programs/to-end.ts';
import { createWorkspace, type Workspace } from '../../programs/workspace.ts';
import { callbackPlugin } from './callback.ts';
import { configurationText } from './configuration.ts';
import { type AnsibleEvent, eventOf, isResult, type TaskResult } from './events.ts';
import { configurationFile, entryFiles, roleFolders } from './files.ts';
import { childEnvironment, findAnsible } from './program.ts';

export interface PlaybookOptions {
  environment: Environment;
  purpose: Purpose;
  /** Only says what would change. */
  check: boolean;
  /** Only these hosts, beside what the settings say. */
  hosts?: readonly string[] | undefined;
  signal?: AbortSignal | undefined;
  onResult?: ((result: TaskResult) => void) | undefined;
}

/** What a run told. */
export interface PlaybookRun {
  results: TaskResult[];
  /** Whether the run came to its end, so that what it did not tell is not there. */
  whole: boolean;
  /** Where a task is declared: Ansible names files of the private copy. */
  sourceOf(path: string): Source;
}

const defaultSeconds = 900;
/** After it was asked to end; a module that is killed may leave a host half changed. */
const graceMs = 60_000;

/** Runs a unit's playbook in a private copy. Throws HF21xx when nothing can be told of any host. */
export async function runPlaybook(unit: DeclaredUnit, options: PlaybookOptions): Promise<PlaybookRun> {
  const { name, ansible = {} } = unit.definition;
  const { sources } = unit;
  if (sources === undefined) throw new Failure('HF2108', 'it has no files', { where: { subject: name } });
  const program = findAnsible(options.environment);
  const { playbook, inventory } = entryFiles(unit);
  const files = await sources.tree.read((sources.reached ?? sources.files).map(({ path }) => path));
  const workspace = await createWorkspace(files);
  // What it tells has the contents of files.
  const memory = memoryFolder(name);
  try {
    const given = childEnvironment(options.environment, { purpose: options.purpose, program, unit: name });
    const place = prepare(workspace, memory.path, unit, files);
    const events: AnsibleEvent[] = [];
    const end = await runToEnd({
      program,
      args: argumentsOf(unit, options, { playbook, inventory, tree: workspace.tree }),
      folder: join(workspace.tree, unit.definition.path === '.' ? '' : unit.definition.path),
      environment: {
        ...given,
        HOME: workspace.home,
        TMPDIR: workspace.home,
        ANSIBLE_HOME: join(workspace.home, 'ansible'),
        ANSIBLE_LOCAL_TEMP: join(workspace.home, 'tmp'),
        ANSIBLE_CONFIG: place.configuration,
        ANSIBLE_CALLBACK_PLUGINS: place.plugins,
        HOLDFAST_EVENTS: place.events,
        HOLDFAST_CHECKING: options.check ? '1' : '0',
        HOLDFAST_ALLOWED: JSON.stringify(ansible.runsInCheckMode ?? []),
      },
      output: memory.path,
      follow: place.events,
      signal: options.signal,
      timeMs: (ansible.timeoutSeconds ?? defaultSeconds) * 1000,
      graceMs,
      onLine: line => {
        const event = eventOf(line);
        if (event === undefined) return;
        events.push(event);
        if (isResult(event)) options.onResult?.(event);
      },
    });
    const secrets = secretsOf(given);
    const clean = (text: string) =>
      secrets.reduce((cleaned, secret) => cleaned.replaceAll(secret, '(secret)'), workspace.clean(text));
    return outcome(events, end, { playbook, clean, tree: workspace.tree });
  } finally {
    memory.remove();
    await workspace.remove();
  }
}

function argumentsOf(
  { definition: { ansible = {} } }: DeclaredUnit,
  { check, hosts }: PlaybookOptions,
  { playbook, inventory, tree }: { playbook: string; inventory: readonly string[]; tree: string },
): string[] {
  const limits = [ansible.limit, hosts?.join(',')].filter(one => one !== undefined && one !== '');
  return [
    ...inventory.flatMap(file => ['--inventory', join(tree, file)]),
    '--diff',
    ...(check ? ['--check'] : []),
    // Both must hold: `&` is the intersection of patterns.
    ...(limits.length === 0 ? [] : [`--limit=${limits.join(':&')}`]),
    ...(ansible.tags === undefined ? [] : [`--tags=${ansible.tags.join(',')}`]),
    ...(ansible.skipTags === undefined ? [] : [`--skip-tags=${ansible.skipTags.join(',')}`]),
    join(tree, playbook),
  ];
}

function prepare(
  workspace: Workspace,
  output: string,
  unit: DeclaredUnit,
  files: ReadonlyMap<string, Buffer>,
) {
  const { tree, home } = workspace;
  const plugins = join(home, 'plugins');
  mkdirSync(plugins, { mode: 0o700 });
  writeFileSync(join(plugins, 'holdfast.py'), callbackPlugin);
  const cfg = configurationFile(unit);
  const { path } = unit.definition;
  const text = configurationText(cfg === undefined ? undefined : files.get(cfg)?.toString('utf8'), {
    roles: roleFolders(unit).map(folder => join(tree, folder)),
    within: role => {
      const inside = role.startsWith('/') ? undefined : insideOf(path, role);
      return inside === undefined ? undefined : join(tree, inside);
    },
  });
  const configuration = join(home, 'ansible.cfg');
  writeFileSync(configuration, text);
  const events = join(output, 'events');
  writeFileSync(events, '', { mode: 0o600 });
  return { plugins, configuration, events };
}

/** A path that is relative to a folder, from the root; undefined where it leaves the repository. */
function insideOf(folder: string, path: string): string | undefined {
  const parts = folder === '.' ? [] : folder.split('/');
  for (const part of path.split('/')) {
    if (part === '..' && parts.pop() === undefined) return undefined;
    if (part !== '' && part !== '.' && part !== '..') parts.push(part);
  }
  return normalFolder(parts.join('/'));
}

function outcome(
  events: readonly AnsibleEvent[],
  end: RunEnd,
  { playbook, clean, tree }: { playbook: string; clean: (text: string) => string; tree: string },
): PlaybookRun {
  const sourceOf = (path: string): Source => {
    const [, file = path, line] = /^(.*?)(?::(\d+))?$/.exec(path) ?? [];
    if (!file.startsWith(`${tree}/`)) return { file: playbook };
    return { file: file.slice(tree.length + 1), ...(line === undefined ? {} : { line: Number(line) }) };
  };
  const refused = events.find(event => event.event === 'refused');
  if (refused?.event === 'refused')
    throw new Failure(
      'HF2106',
      `the task ‘${clean(refused.task).slice(0, 100)}’ would really run; nothing after it was compared`,
      {
        where: sourceOf(refused.path ?? ''),
      },
    );
  if (end.by === 'time')
    throw new Failure('HF2107', 'it did not end in time, and was asked to', { where: { file: playbook } });
  if (end.by === 'output')
    throw new Failure('HF2107', 'it printed more than 64 MiB', { where: { file: playbook } });
  const results = events
    .filter(isResult)
    .map(result => ({ ...result, parts: result.parts.map(part => cleaned(part, clean)) }));
  const stats = events.find(event => event.event === 'stats');
  const whole = stats !== undefined && end.by === 'itself' && (end.exitCode ?? 1) < 250;
  // Exit 4 is also that of a playbook that cannot be read, so the codes alone tell nothing; a run of no host tells nothing either.
  if (!whole && results.length === 0)
    throw new Failure('HF2102', wordsOf(end, clean), { where: placeIn(end, sourceOf, playbook) });
  if (stats?.event === 'stats' && Object.keys(stats.hosts).length === 0)
    throw new Failure('HF2102', 'no host of the inventory is in the playbook', { where: { file: playbook } });
  return { results, whole, sourceOf };
}

function cleaned(
  part: TaskResult['parts'][number],
  clean: (text: string) => string,
): TaskResult['parts'][number] {
  return typeof part.msg === 'string' ? { ...part, msg: clean(part.msg) } : part;
}

function wordsOf({ by, exitCode, stderr }: RunEnd, clean: (text: string) => string): string {
  if (by === 'signal') return 'it was asked to end before it was done';
  const said = /(?:ERROR!?\]?:?)\s*(.*)/s.exec(stderr)?.[1] ?? stderr;
  const words =
    clean(said)
      .split(/\nOrigin:|\n\nTraceback|\nTraceback/)[0]
      ?.replace(/\s+/g, ' ')
      .trim() ?? '';
  return words === '' ? `it ended with ${exitCode ?? 'a signal'}` : words.slice(0, 500);
}

/** The file and line that an error of reading names. */
function placeIn({ stderr }: RunEnd, sourceOf: (path: string) => Source, playbook: string): Source {
  const found = /Origin: (\S+?:\d+)/.exec(stderr)?.[1];
  return found === undefined ? { file: playbook } : sourceOf(found);
}

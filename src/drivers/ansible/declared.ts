import { createHash } from 'node:crypto';
import type { DeclaredUnit } from '../../declared/declaration.ts';
import { LineIndex } from '../../declared/yaml/lines.ts';
import { locator } from '../../declared/yaml/locate.ts';
import { maxDepth, ParseFailure, parseDialect } from '../../declared/yaml/parse.ts';
import type { Json, JsonObject } from '../../json/json.ts';
import { isMap } from '../../json/value.ts';
import type { DeclaredResource, DeclaredResources } from '../declared-resources.ts';
import { secretPlaces } from '../secret-places.ts';

const largestFile = 1024 * 1024;

/**
 * What the files of a playbook's unit declare, without running anything: plays, tasks (of roles too), variables, and all other files by
 * their digests. Which hosts and roles are reached, and what templates become, only a check on the hosts tells.
 */
export async function declaredTasks({ sources, findings }: DeclaredUnit): Promise<DeclaredResources> {
  const files = (sources?.reached ?? sources?.files ?? []).filter(({ path }) => !/\.md$/i.test(path));
  const small = files.filter(({ size }) => size <= largestFile);
  const contents = await sources?.tree.read(small.map(({ path }) => path));
  const resources = [...(contents ?? [])].flatMap(([path, bytes]) =>
    /\.ya?ml$/.test(path) ? ofYaml(path, bytes) : [ofFile(path, bytes)],
  );
  return {
    resources: withOwnNames(resources),
    findings,
    notes: [
      'told from the files alone: which hosts and roles are reached, and what variables and templates become, only a check on the hosts tells',
    ],
  };
}

type Place = (path: readonly PropertyKey[]) => { file: string; line: number };

function ofYaml(file: string, bytes: Buffer): DeclaredResource[] {
  const read = readYaml(bytes.toString('utf8'));
  if (read === undefined) return [ofFile(file, bytes)];
  const place: Place = path => ({ file, line: read.lineOf(path) });
  if (isMap(read.value)) return [told({ type: 'variables', name: file }, place([]), read.value)];
  if (!Array.isArray(read.value)) return [ofFile(file, bytes)];
  return read.value.flatMap((item, at) => {
    if (!isMap(item)) return [];
    return isPlay(item) ? ofPlay(item, [at], place) : ofTask(item, file, [at], place);
  });
}

/** A file with Ansible's own tags: what is in a vault, or unsafe, stays marked by its tag. */
function readYaml(text: string) {
  try {
    const { value, source } = parseDialect(text.replaceAll('\r\n', '\n'), {
      tagged: (tag, inner) => ({ [tag]: inner }),
      strings: new Set(),
      repeated: () => undefined,
    });
    const [locate, lines] = [locator(source, maxDepth), new LineIndex(source)];
    return { value, lineOf: (path: readonly PropertyKey[]) => lines.lineAt(locate(path)) };
  } catch (error) {
    if (error instanceof ParseFailure) return undefined;
    throw error;
  }
}

function isPlay(item: JsonObject): boolean {
  return ['hosts', 'import_playbook', 'ansible.builtin.import_playbook'].some(key =>
    Object.hasOwn(item, key),
  );
}

const taskLists = ['pre_tasks', 'tasks', 'post_tasks', 'handlers'];
const blockLists = ['block', 'rescue', 'always'];

function ofPlay(play: JsonObject, at: PropertyKey[], place: Place): DeclaredResource[] {
  const { file } = place(at);
  const title = textOf(play['name']) ?? textOf(play['hosts']) ?? textOf(Object.values(play)[0]) ?? 'a play';
  const own = Object.fromEntries(Object.entries(play).filter(([key]) => !taskLists.includes(key)));
  return [
    told({ type: 'play', name: `${file}: ${title}` }, place(at), own),
    ...listed(play, taskLists, at).flatMap(([task, path]) => ofTask(task, `${file}: ${title}`, path, place)),
  ];
}

function ofTask(task: JsonObject, within: string, at: PropertyKey[], place: Place): DeclaredResource[] {
  const inner = listed(task, blockLists, at);
  const name = textOf(task['name']);
  if (inner.length > 0) {
    const own = Object.fromEntries(Object.entries(task).filter(([key]) => !blockLists.includes(key)));
    const title = `${within} / ${name ?? 'block'}`;
    return [
      told({ type: 'block', name: title }, place(at), own),
      ...inner.flatMap(([each, path]) => ofTask(each, title, path, place)),
    ];
  }
  const action = Object.keys(task).find(key => !keywords.has(key) && !key.startsWith('with_')) ?? 'task';
  return [told({ type: action, name: `${within} / ${name ?? action}` }, place(at), task)];
}

/** The maps in the lists of a play or block, each with its path. */
function listed(of: JsonObject, keys: readonly string[], at: PropertyKey[]): [JsonObject, PropertyKey[]][] {
  return keys.flatMap(key => {
    const list = of[key];
    return (Array.isArray(list) ? list : []).flatMap((item, index): [JsonObject, PropertyKey[]][] =>
      isMap(item) ? [[item, [...at, key, index]]] : [],
    );
  });
}

/** What a task says besides its module. Source: Ansible, “Playbook Keywords”. */
const keywords: ReadonlySet<string> = new Set(
  `name action args any_errors_fatal async become become_exe become_flags become_method become_user changed_when check_mode collections
  connection debugger delay delegate_facts delegate_to diff environment failed_when ignore_errors ignore_unreachable listen loop loop_control
  module_defaults no_log notify poll port register remote_user retries run_once tags throttle timeout until vars when`.split(
    /\s+/,
  ),
);

function told(
  resource: { type: string; name: string },
  source: { file: string; line: number },
  value: JsonObject,
): DeclaredResource {
  const hidden = value['no_log'] === true;
  const secret = hidden
    ? Object.keys(value).flatMap(key =>
        keywords.has(key) && key !== 'args' && key !== 'vars' ? [] : [`/${escaped(key)}`],
      )
    : secretPlaces(value);
  return {
    resource,
    source,
    value,
    ...(secret.length === 0 ? {} : { secret }),
    whenRemoved: 'no longer declared: hosts stay as they are, Ansible takes nothing back',
  };
}

/** Of a file that is copied or rendered it is told that it changed. */
function ofFile(file: string, bytes: Buffer): DeclaredResource {
  const digest = createHash('sha256').update(bytes).digest('hex');
  const value = { content: `${bytes.length} bytes, sha256 ${digest.slice(0, 16)}` };
  return { resource: { type: 'File', name: file }, source: { file }, value };
}

/** The second of one name is told as such. */
function withOwnNames(resources: readonly DeclaredResource[]): DeclaredResource[] {
  const seen = new Map<string, number>();
  return resources.map(each => {
    if (!('type' in each.resource)) return each;
    const key = JSON.stringify(each.resource);
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    if (count === 1) return each;
    return { ...each, resource: { ...each.resource, name: `${each.resource.name} (${count})` } };
  });
}

function textOf(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.map(String).join(', ') : undefined;
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

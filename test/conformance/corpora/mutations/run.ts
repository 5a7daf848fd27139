import { Schemas } from '../../../../src/cluster/openapi.ts';
import type { DeclaredObject } from '../../../../src/declared/declaration.ts';
import { kubernetesDriver } from '../../../../src/drivers/kubernetes/driver.ts';
import { resourceTitle } from '../../../../src/findings/finding.ts';
import { isMap } from '../../../../src/json/value.ts';
import { liveAt, type Place, targetIn } from '../support/world.ts';
import type { Part } from '../support/worlds.ts';
import { type Bench, findingsOf, openBench } from './bench.ts';
import { changedPaths, isExplained } from './changed-paths.ts';
import type { Choice } from './generators.ts';
import { type Changeable, type Edit, edited, undone } from './hand.ts';
import { type Judged, judged } from './judged.ts';
import { randomOf, shuffled } from './random.ts';

/** What the mutations of one set gave. */
export interface MutationResult {
  set: string;
  made: number;
  found: number;
  rightPath: number;
  rightManager: number;
  extra: number;
  /** What was wrong, for people. */
  complaints: string[];
}

/** Changes `count` objects of a part by hand, one at a time, and looks each time whether that, and only that, is found. */
export async function mutate(
  place: Place,
  part: Part,
  objects: readonly DeclaredObject[],
  options: { seed: string; count: number },
): Promise<MutationResult> {
  const result = {
    set: part.name,
    made: 0,
    found: 0,
    rightPath: 0,
    rightManager: 0,
    extra: 0,
    complaints: [],
  };
  const random = randomOf(`${options.seed} ${part.name}`);
  const schemas = new Schemas(place.cluster);
  await schemas.refresh();
  const bench = await openBench(place, part, objects);
  const owner = await namespaceOwner(place);
  for (const declared of inOrder(objects, options.count, random)) {
    if (result.made >= options.count) break;
    const target = bench.isQuiet(declared) ? await targetIn(place, part, declared) : undefined;
    if (target === undefined) continue;
    const schema = await schemas.of(target.kind.apiVersion, target.kind.kind);
    const subject = { declared, target, schema };
    const edit = await edited(place, subject, owner, random);
    if (edit === undefined) continue;
    const title = `${resourceTitle(declared.ref)} (${declared.source.file}): ${edit.mutation.what} at ${edit.mutation.paths[0]}`;
    const verdicts = await examined(place, bench, subject, edit, random() < oneInFour);
    if (verdicts !== undefined) add(result, verdicts, title);
    const left = (await undone(place, target, edit)) ? await bench.untilQuiet() : [];
    if (left === undefined) continue;
    if (left.length > 0)
      add(result, [], `${title}: undone, but still ${JSON.stringify(left).slice(0, 1500)}`);
    await bench.without(declared);
  }
  return result;
}

/** So often a driver that knows nothing is asked as well. */
const oneInFour = 0.25;

/** Compares by the driver that has seen all before, and `anew` by one that knows nothing; undefined where a controller has reverted it. */
async function examined(
  place: Place,
  bench: Bench,
  { declared, target, schema }: Changeable,
  edit: Edit,
  anew: boolean,
): Promise<Judged[] | undefined> {
  const { mutation, before, after } = edit;
  const changed = changedPaths(target, schema?.shape, before, after);
  const findings = [await bench.news()];
  if (anew) {
    const fresh = kubernetesDriver({ connection: place.connection });
    findings.push(await findingsOf(fresh, bench.part, [declared]));
  }
  const verdicts = findings.map(some => judged(mutation, target, after, some, changed));
  if (verdicts.every(({ found }) => found)) return verdicts;
  const now = await liveAt(place, target);
  const still = now !== undefined && changedPaths(target, schema?.shape, before, now);
  return still && mutation.paths.some(path => isExplained(path, still)) ? verdicts : undefined;
}

/** A change of a definition makes the server build all its schemas anew, which takes seconds: few of them must do. */
const mostDefinitions = 2;

/** Which objects to change: each once before any a second time. */
function inOrder(objects: readonly DeclaredObject[], count: number, random: () => number): DeclaredObject[] {
  const isDefinition = ({ ref }: DeclaredObject) => ref.kind === 'CustomResourceDefinition';
  const others = objects.filter(object => !isDefinition(object));
  const rounds = Math.ceil(count / Math.max(1, others.length));
  const some = Array.from({ length: rounds }, () => shuffled(others, random)).flat();
  return [...shuffled(objects.filter(isDefinition), random).slice(0, mostDefinitions), ...some];
}

function add(result: MutationResult, verdicts: readonly Judged[], title: string): void {
  if (verdicts.length === 0) {
    result.complaints.push(title);
    return;
  }
  result.made += 1;
  const all = (test: (verdict: Judged) => boolean) => (verdicts.every(test) ? 1 : 0);
  result.found += all(({ found }) => found);
  result.rightPath += all(({ rightPath }) => rightPath);
  result.rightManager += all(({ rightManager }) => rightManager);
  result.extra += verdicts.reduce((sum, { extra }) => sum + extra.length, 0);
  const words = new Set(verdicts.flatMap(({ complaints }) => complaints));
  for (const complaint of words) result.complaints.push(`${title}: ${complaint}`);
}

/** A namespace may own anything. */
async function namespaceOwner(place: Place): Promise<Choice['owner']> {
  const kind = (await place.cluster.kinds()).find('v1', 'Namespace');
  const found = kind && (await liveAt(place, { kind, name: 'kube-system' }));
  const uid = isMap(found?.['metadata']) ? found['metadata']['uid'] : undefined;
  return { apiVersion: 'v1', kind: 'Namespace', name: 'kube-system', uid: String(uid) };
}

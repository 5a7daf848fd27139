import { afterAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../sandbox/processes/run.ts';
import { phaseOf, type Sync } from '../../../src/converge/sync.ts';
import type { Declaration, DeclaredObject, DeclaredUnit } from '../../../src/declared/declaration.ts';
import type { Driver } from '../../../src/drivers/driver.ts';
import { specPart } from '../../../src/drivers/kubernetes/converge/body.ts';
import { kubernetesDriver } from '../../../src/drivers/kubernetes/driver.ts';
import type { JsonObject } from '../../../src/json/json.ts';
import { isMap } from '../../../src/json/value.ts';
import { openPlace, type Place, provideNamespaces, readAll } from '../corpora/support/world.ts';
import { releasePairs } from '../support/release-pairs.ts';
import { convergerIn, recreatable, refusal, releaseAt, titleOf, without } from './support.ts';

const corpora = process.env['CORPORA'] ?? '../shared/corpora';
const pairs = releasePairs(corpora);
const [first, second, reverted] = ['1', '2', '3'].map(digit => digit.repeat(40)) as [string, string, string];
const table: string[] = [];

afterAll(() => {
  process.stdout.write(`${['', ...table].join('\n')}\n`);
});

describe('a product that is installed, upgraded to a later release, and reverted', () => {
  it('is among the corpora', () => {
    expect(pairs.length).toBeGreaterThan(0);
  });

  it.each(pairs)('$name', async ({ name, from, to }) => {
    const place = await openPlace();
    const driver = kubernetesDriver({ connection: place.connection });
    try {
      await install(place);
      const [old, next] = [
        await takenBy(place, driver, from, first),
        await takenBy(place, driver, to, second),
      ];
      const declarations = new Map([
        [first, old.declaration],
        [second, next.declaration],
        [reverted, { ...old.declaration, revision: reverted }],
      ]);
      const converger = convergerIn(place, driver, declarations);
      const told: string[] = [];
      const reached = async (revision: string) => {
        let ended = await converger.sync(revision);
        const stuck = immutableIn(ended);
        if (stuck.size > 0) {
          for (const [at, each] of declarations) declarations.set(at, recreatable(each, stuck));
          told.push(`${[...stuck].join(', ')} cannot be changed, and may be made anew`);
          ended = await converger.sync(revision);
        }
        const declaration = declarations.get(revision) as Declaration;
        const [unit] = declaration.units as [DeclaredUnit];
        expect(wrongIn(ended)).toEqual([]);
        told.push(countsOf(ended));
        expect((await driver.compare(unit, declaration, undefined, 'declared')).findings).toEqual([]);
        return liveOf(place, [...declarations.values()]);
      };
      const [installed, upgraded, back] = [
        await reached(first),
        await reached(second),
        await reached(reverted),
      ];
      await converger.stop();

      // nothing of the one is left in the other, and the way back leads to where it began
      expect([...installed.keys()].sort()).toEqual(titlesIn(old.declaration));
      expect([...upgraded.keys()].sort()).toEqual(titlesIn(next.declaration));
      for (const [title, object] of back)
        expect(`${title} ${object}`).toBe(`${title} ${installed.get(title)}`);
      expect([...back.keys()].sort()).toEqual([...installed.keys()].sort());
      table.push(`${name}: ${told.join(' | ')}`);
      for (const [release, { refused }] of Object.entries({ old, next }))
        for (const word of new Set(refused)) table.push(`   ${release}: ${word}`);
    } finally {
      await place.close();
    }
  });
});

async function install(place: Place): Promise<void> {
  const env = {
    PATH: process.env['PATH'],
    HOME: place.controlPlane.dataDir,
    KUBECONFIG: place.controlPlane.kubeconfig,
  };
  for (const args of [
    ['apply', '--server-side', '-f', 'manifests/holdfast/crds'],
    ['wait', '--for=condition=Established', '-f', 'manifests/holdfast/crds'],
  ]) {
    const { code, stderr } = await runCommand(place.controlPlane.kubectl, args, { env });
    if (code !== 0) throw new Error(stderr);
  }
  place.cluster.forgetKinds();
  await provideNamespaces(place, ['holdfast']);
}

/** A release without what this server does not take from anybody: kinds that it serves no more, or that others define. */
async function takenBy(
  place: Place,
  driver: Driver,
  folder: string,
  revision: string,
): Promise<{ declaration: Declaration; refused: string[] }> {
  let declaration = await releaseAt(folder, revision);
  const { objects } = declaration.units[0] as DeclaredUnit;
  const own = new Set(objects.flatMap(({ ref }) => (ref.kind === 'Namespace' ? [ref.name] : [])));
  const used = objects.flatMap(({ ref }) => ref.namespace ?? []);
  await provideNamespaces(place, new Set(used.filter(name => !own.has(name))));
  const words: string[] = [];
  // what is defined by something that is not taken is not taken either
  for (let gone = await notTaken(place, driver, declaration); gone.size > 0; ) {
    words.push(...[...gone].map(([{ ref }, word]) => `${ref.apiVersion} ${ref.kind}: ${word}`));
    declaration = without(declaration, new Set(gone.keys()));
    gone = await notTaken(place, driver, declaration);
  }
  return { declaration, refused: words };
}

/** What neither we nor kubectl can apply to a cluster that has nothing of it, with what kubectl says. */
async function notTaken(
  place: Place,
  driver: Driver,
  declaration: Declaration,
): Promise<Map<DeclaredObject, string>> {
  const [unit] = declaration.units as [DeclaredUnit];
  const gone = new Map<DeclaredObject, string>();
  for (const { resource, message } of (await driver.plan(unit, declaration)).refused) {
    const found = unit.objects.filter(
      ({ ref }) => ref.kind === (resource as typeof ref).kind && ref.name === resource.name,
    );
    const word = found[0] === undefined ? undefined : await refusal(place, found[0]);
    if (word === undefined)
      throw new Error(`kubectl takes ${JSON.stringify(resource)}, and we do not: ${message}`);
    for (const object of found) gone.set(object, word);
  }
  return gone;
}

/** What the sync refused because a field cannot be changed and nothing says that it may be made anew. */
function immutableIn({ status }: Sync): Set<string> {
  const refused = (status?.results ?? []).filter(({ message }) => message?.startsWith('HF1609'));
  return new Set(refused.map(({ resource }) => `${resource.kind} ${resource.name}`));
}

function wrongIn(sync: Sync): string[] {
  const { message = '', results = [] } = sync.status ?? {};
  const failed = results.filter(({ result }) => result !== 'applied');
  const kept = sync.status?.plan?.kept ?? [];
  return [
    ...(phaseOf(sync) === 'Succeeded' ? [] : [`${phaseOf(sync)}: ${message}`]),
    ...[...failed, ...kept].map(({ resource, message: why }) => `${resource.kind} ${resource.name}: ${why}`),
  ];
}

/** What was done, in however many rounds: `119 create, 1 run`. */
function countsOf({ status }: Sync): string {
  const done = Map.groupBy(status?.results ?? [], ({ action }) => action);
  return [...done]
    .map(([action, results]) => `${results.length} ${action}`)
    .sort()
    .join(', ');
}

function titlesIn(declaration: Declaration): string[] {
  return [...new Set((declaration.units[0] as DeclaredUnit).objects.map(titleOf))].sort();
}

/** All that lives of what any of these declares, as far as it can be the same twice. */
async function liveOf(place: Place, declarations: readonly Declaration[]): Promise<Map<string, string>> {
  place.cluster.forgetKinds();
  const part = { name: 'product', namespace: 'default', objects: [] };
  const members = declarations.flatMap(({ units }) =>
    units.flatMap(({ objects }) => objects.map(object => ({ part, object }))),
  );
  const live = await readAll(place, members);
  return new Map([...live].map(([object, found]) => [titleOf(object), comparable(found)]));
}

/** Without what the server or a controller counts or allocates anew, and the version in which the server happens to be asked for it. */
function comparable(object: JsonObject): string {
  const { apiVersion: _version, ...content } = specPart(object);
  return JSON.stringify(content, (key, value: unknown) => {
    if (
      /^(holdfast\.dev\/recreate|clusterIPs?|nodePort|deployment\.kubernetes\.io\/revision|.*controller-uid)$/.test(
        key,
      )
    )
      return undefined;
    if (!isMap(value as JsonObject)) return value;
    return Object.fromEntries(
      Object.entries(value as JsonObject).sort(([one], [other]) => (one < other ? -1 : 1)),
    );
  });
}

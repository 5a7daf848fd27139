import { runCommand } from '../../../sandbox/processes/run.ts';
import { Converger } from '../../../src/converge/converger.ts';
import { clusterInventories } from '../../../src/converge/inventory/inventories.ts';
import { defaultTiming } from '../../../src/converge/parts.ts';
import { isFinal, phaseOf, type Sync } from '../../../src/converge/sync.ts';
import { clusterSyncs } from '../../../src/converge/sync-store.ts';
import type { Declaration, DeclaredObject } from '../../../src/declared/declaration.ts';
import { declare } from '../../../src/declared/declare.ts';
import { folderTree } from '../../../src/declared/folder.ts';
import { hashOf } from '../../../src/declared/hash.ts';
import type { Driver } from '../../../src/drivers/driver.ts';
import type { JsonObject } from '../../../src/json/json.ts';
import { isMap } from '../../../src/json/value.ts';
import { waitUntil } from '../../real/support/wait-until.ts';
import type { Place } from '../corpora/support/world.ts';

/** Programs do not run here: no webhook is called, and what they would report is not waited for. */
const settings = `converge:
  health:
    - { resource: { kind: APIService }, healthy: 'true' }
    - { resource: { kind: PersistentVolumeClaim }, healthy: 'true' }
  prune:
    allow:
      - { unit: product, reason: an upgrade, until: 2999-12-31 }
      - { unit: product, resource: { kind: CustomResourceDefinition }, reason: an upgrade, until: 2999-12-31 }
      - { unit: product, resource: { kind: Namespace }, reason: an upgrade, until: 2999-12-31 }
      - { unit: product, resource: { kind: PersistentVolumeClaim }, reason: an upgrade, until: 2999-12-31 }
`;

/** A release as one unit, at a revision of its own. What is in the files beside manifests (templates, overlays) is left out. */
export async function releaseAt(folder: string, revision: string): Promise<Declaration> {
  const tree = { ...(await folderTree(folder)), revision };
  const [unit] = (await declare(tree, { name: 'product', folder: '.' })).units;
  const named = await declare({
    revision,
    files: [{ path: 'holdfast.yaml', content: 'settings', size: settings.length }],
    links: [],
    read: async paths => new Map(paths.map(path => [path, Buffer.from(settings)])),
  });
  if (unit === undefined) throw new Error(`${folder} declares nothing`);
  const objects = unit.objects.map(uncalled);
  return { ...named, revision, units: [{ ...unit, objects, findings: [] }] };
}

/** A webhook that is there and never called. */
function uncalled(declared: DeclaredObject): DeclaredObject {
  const webhooks = declared.object['webhooks'];
  if (!Array.isArray(webhooks)) return declared;
  const never = [{ name: 'programs-do-not-run-here', expression: 'false' }];
  const quiet = webhooks.map(webhook => (isMap(webhook) ? { ...webhook, matchConditions: never } : webhook));
  return changed(declared, { ...declared.object, webhooks: quiet });
}

function changed(declared: DeclaredObject, object: JsonObject): DeclaredObject {
  return { ...declared, object, hash: hashOf(object) };
}

/** The same release without some objects. */
export function without(declaration: Declaration, gone: ReadonlySet<DeclaredObject>): Declaration {
  const units = declaration.units.map(unit => ({
    ...unit,
    objects: unit.objects.filter(object => !gone.has(object)),
  }));
  return { ...declaration, units };
}

/** With the word that lets these objects be made anew where a field cannot be changed. */
export function recreatable(declaration: Declaration, titles: ReadonlySet<string>): Declaration {
  const allowed = (declared: DeclaredObject) => {
    if (!titles.has(`${declared.ref.kind} ${declared.ref.name}`)) return declared;
    const metadata = isMap(declared.object['metadata']) ? declared.object['metadata'] : {};
    const annotations = isMap(metadata['annotations']) ? metadata['annotations'] : {};
    const word = { ...annotations, 'holdfast.dev/recreate': 'allowed' };
    return changed(declared, { ...declared.object, metadata: { ...metadata, annotations: word } });
  };
  const units = declaration.units.map(unit => ({ ...unit, objects: unit.objects.map(allowed) }));
  return { ...declaration, units };
}

export const titleOf = ({ ref }: Pick<DeclaredObject, 'ref'>): string =>
  `${ref.kind} ${ref.namespace ?? ''}/${ref.name}`;

/** What kubectl says of an object that the server does not take; undefined where it takes it. */
export async function refusal(place: Place, { object }: DeclaredObject): Promise<string | undefined> {
  const { code, stderr } = await runCommand(
    place.controlPlane.kubectl,
    ['apply', '--server-side', '--force-conflicts', '--dry-run=server', '-f', '-'],
    {
      stdin: JSON.stringify(object),
      env: {
        PATH: process.env['PATH'],
        HOME: place.controlPlane.dataDir,
        KUBECONFIG: place.controlPlane.kubeconfig,
      },
    },
  );
  return code === 0 ? undefined : (/no matches for kind.*|.*$/m.exec(stderr.trim())?.[0] ?? '').slice(0, 120);
}

/** A converger at work in a place, for syncs of the unit `product`. */
export function convergerIn(place: Place, driver: Driver, declarations: ReadonlyMap<string, Declaration>) {
  const namespace = 'holdfast';
  const syncs = clusterSyncs(place.cluster, namespace);
  const stop = new AbortController();
  const authorized: string[] = [];
  const converger = new Converger({
    syncs,
    inventories: clusterInventories(place.cluster, namespace),
    driverOf: () => driver,
    authorize: async revision => ({
      verdict: 'authorized',
      from: revision,
      revision,
      pulls: [],
      digest: 'release',
    }),
    authorizedRevisions: async () => authorized,
    declarationAt: async revision => {
      const declaration = declarations.get(revision);
      if (declaration === undefined) throw new Error(`nothing is declared at ${revision}`);
      return declaration;
    },
    holder: 'releases',
    timing: { ...defaultTiming, healthMs: 120_000, recordPauseMs: 200 },
    now: () => new Date(),
  });
  const running = converger.run(stop.signal);
  return {
    /** Asks for a sync and waits for its end. */
    async sync(revision: string): Promise<Sync> {
      authorized.unshift(revision);
      const { metadata } = await syncs.create({ unit: 'product', revision, reason: 'merge' });
      let ended: Sync | undefined;
      await waitUntil(
        `the sync of ${revision.slice(0, 7)}`,
        async () => {
          ended = await syncs.get(metadata.name);
          return ended !== undefined && isFinal(phaseOf(ended));
        },
        400_000,
      );
      if (ended === undefined) throw new Error('the sync is gone');
      return ended;
    },
    async stop() {
      stop.abort();
      await running;
    },
  };
}

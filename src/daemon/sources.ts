import { join } from 'node:path';
import type { Cluster } from '../cluster/cluster.ts';
import { AuthorizationLedger } from '../converge/ledger.ts';
import { ParseCache } from '../declared/cache.ts';
import { readSettings } from '../declared/config/load.ts';
import type { Declaration } from '../declared/declaration.ts';
import { declare } from '../declared/declare.ts';
import { mayPass } from '../declared/last-good.ts';
import type { Settings } from '../declared/settings.ts';
import { capabilitiesOf } from '../drivers/helm/capabilities.ts';
import { createForge } from '../forge/create.ts';
import type { Forge } from '../forge/forge.ts';
import { createGate, type Gate } from '../gate/gate.ts';
import { type Mirror, openMirror } from '../git/mirror.ts';
import type { Configuration } from './configuration.ts';

/** Where revisions and their authorization come from. */
export interface Sources {
  repository: Mirror;
  /** What a revision declares, read from the object store. The last few are remembered. */
  declarationAt(revision: string): Promise<Declaration>;
  /** What holdfast.yaml of a revision says of every environment, such as the policy, also where it does not know ours. Throws HF1104. */
  settingsAt(revision: string): Promise<Settings>;
  /** Absent without a forge. */
  authority: { gate: Gate; ledger: AuthorizationLedger; trustRoot: string; forge: Forge } | undefined;
}

const declarationsKept = 4;

/** Sets up mirror, forge, gate and ledger. Nothing is asked yet, so nothing that is down at start matters here. */
export async function openSources(configuration: Configuration, cluster: Cluster): Promise<Sources> {
  const { git, forge, namespace, dataDirectory, environment } = configuration;
  const repository = await openMirror({ directory: join(dataDirectory, 'mirror.git'), ...git });
  const cache = new ParseCache();
  const capabilities = () => capabilitiesOf(cluster);
  const declarations = new Map<string, Promise<Declaration>>();
  const declarationAt = (revision: string): Promise<Declaration> => {
    const known = declarations.get(revision);
    if (known !== undefined) return known;
    const reading = repository
      .tree(revision)
      .then(tree => declare(tree, { environment, cache, capabilities }));
    declarations.set(revision, reading);
    reading.then(
      declaration => mayPass(declaration) && declarations.delete(revision),
      () => declarations.delete(revision),
    );
    for (const oldest of [...declarations.keys()].slice(0, -declarationsKept)) declarations.delete(oldest);
    return reading;
  };
  const settingsAt = async (revision: string) =>
    (await readSettings(await repository.tree(revision))).settings;
  if (forge === undefined) return { repository, declarationAt, settingsAt, authority: undefined };
  const { trustRoot } = forge;
  const place = { namespace, repository: `${forge.kind}:${forge.repository}`, branch: git.branch, trustRoot };
  const ledger = new AuthorizationLedger(cluster, place);
  const adapter = createForge(forge);
  let known = forge.repositoryId;
  const pinned = async () => {
    known ??= await ledger.repositoryId();
    return known;
  };
  const gate = createGate({ repository, forge: adapter, branch: git.branch, pinned });
  return { repository, declarationAt, settingsAt, authority: { gate, ledger, trustRoot, forge: adapter } };
}

/** What lies between two revisions, in words: `changes manifests/shop/a.yaml`. */
export function changesIn({ repository }: Pick<Sources, 'repository'>) {
  const verbs = { added: 'adds', changed: 'changes', deleted: 'deletes' } as const;
  return async (from: string, to: string): Promise<string[]> =>
    (await repository.changedPaths(from, to)).map(({ path, change }) => `${verbs[change]} ${path}`);
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { Connection } from '../../../../../src/cluster/connection.ts';
import type { Declaration, DeclaredUnit } from '../../../../../src/declared/declaration.ts';
import { declare } from '../../../../../src/declared/declare.ts';
import type { SourceTree } from '../../../../../src/declared/tree.ts';
import type { Driver } from '../../../../../src/drivers/driver.ts';
import { kubernetesDriver } from '../../../../../src/drivers/kubernetes/driver.ts';
import type { Comparison, FieldChange, Finding } from '../../../../../src/findings/finding.ts';
import { bringWith, mustKubectl, uniqueNamespace } from '../../../support/kubectl.ts';
import { waitUntil } from '../../../support/wait-until.ts';

/** A tree of files given as text. */
export function memoryTree(files: Record<string, string>): SourceTree {
  const entries = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    revision: null,
    files: entries.map(([path, content]) => ({ path, content, size: Buffer.byteLength(content) })),
    links: [],
    read: async paths => new Map(paths.map(path => [path, Buffer.from(files[path] ?? '')])),
  };
}

/** Declares one unit named `shop` whose manifests are the text; `settings` is a holdfast.yaml. */
export async function shopUnit(
  manifests: string,
  settings = '',
): Promise<{ unit: DeclaredUnit; declaration: Declaration }> {
  const tree = memoryTree({
    'manifests/shop/shop.yaml': manifests,
    ...(settings === '' ? {} : { 'holdfast.yaml': settings }),
  });
  const declaration = await declare(tree);
  const unit = declaration.units[0];
  if (unit === undefined) throw new Error('no unit was declared');
  return { unit, declaration };
}

/** The driver on the shared control plane, with its connection. */
export async function openDriver(
  kubeconfig = inject('kubeconfig'),
): Promise<{ driver: Driver; connection: Connection; close(): void }> {
  const connection = await Connection.open({ kubeconfig });
  return { driver: kubernetesDriver({ connection }), connection, close: () => connection.close() };
}

/** The driver as a ServiceAccount. */
export async function openAs(
  namespace: string,
  name: string,
): Promise<{ driver: Driver; connection: Connection; close(): Promise<void> }> {
  const token = (await mustKubectl('-n', namespace, 'create', 'token', name)).trim();
  const config = JSON.parse(await mustKubectl('config', 'view', '--raw', '-o', 'json'));
  config.users = [{ name: config.users[0].name, user: { token } }];
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-account-'));
  await writeFile(join(folder, 'kubeconfig'), JSON.stringify(config));
  const as = await openDriver(join(folder, 'kubeconfig'));
  return {
    ...as,
    close: async () => {
      as.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** A namespace of its own, once its default ServiceAccount is there, without which no Pod is taken. */
export async function newNamespace(prefix = 'compare'): Promise<string> {
  const name = await uniqueNamespace(prefix);
  await waitUntil(
    `the default ServiceAccount of ${name}`,
    async () => (await mustKubectl('-n', name, 'get', 'serviceaccounts', '-o', 'name')).includes('default'),
    20_000,
  );
  return name;
}

/** The ways in which objects come to be on a cluster. */
export const ways: Record<string, readonly string[]> = {
  'server-side apply by us': ['apply', '--server-side', '--field-manager=holdfast'],
  'server-side apply by kubectl': ['apply', '--server-side'],
  'client-side kubectl apply': ['apply'],
  'kubectl create': ['create'],
};

/** Brings manifests onto the cluster in one of the ways; a failure is thrown. */
export async function bring(way: string, namespace: string, manifests: string): Promise<void> {
  const args = ways[way] ?? ways['server-side apply by us'] ?? [];
  const { code, stderr } = await bringWith(manifests, '-n', namespace, ...args);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr}`);
}

/** The findings, shortened to what a test is about: `changed Deployment/web`. */
export function told(comparison: Comparison): string[] {
  return comparison.findings.map(
    ({ type, resource }) => `${type} ${'kind' in resource ? resource.kind : resource.type}/${resource.name}`,
  );
}

/** The only finding of a comparison; anything else is thrown with what was found. */
export function onlyFinding(comparison: Comparison): Finding {
  const [finding, ...more] = comparison.findings;
  if (finding === undefined || more.length > 0)
    throw new Error(`one finding was expected: ${JSON.stringify(comparison.findings)}`);
  return finding;
}

/** The change at a path; a missing one is thrown with those that there are. */
export function changeAt(finding: Finding, path: string): FieldChange {
  const change = finding.changes?.find(each => each.path === path);
  if (change === undefined) throw new Error(`no change at ${path}: ${JSON.stringify(finding.changes)}`);
  return change;
}

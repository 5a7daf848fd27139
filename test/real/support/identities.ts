import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAll } from 'js-yaml';
import { inject } from 'vitest';
import { z } from 'zod';
import { openWorkplace } from '../../../sandbox/processes/workplace.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';
import { Connection } from '../../../src/cluster/connection.ts';
import { selfTest } from '../../../src/daemon/self-test.ts';
import { Failure } from '../../../src/failure/failure.ts';
import { kubectlWith } from './kubectl.ts';
import { waitUntil } from './wait-until.ts';

const folder = fileURLToPath(new URL('../../../manifests/holdfast/identities', import.meta.url));
const objectSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

/** The two identities in a namespace of a test's own, as the manifests declare them for `holdfast`. */
export interface Identities {
  /** Paths of kubeconfigs. */
  observer: string;
  converger: string;
  observerToken: string;
  /** The name that the ValidatingAdmissionPolicy of the observer and its binding have here. */
  policy: string;
  /** The objects as they were applied. */
  objects: readonly object[];
  close(): Promise<void>;
}

/** A control plane that is not the shared one. */
export interface Plane {
  kubeconfig: string;
  token: string;
}

/** Applies manifests/holdfast/identities and waits until the admission policy is in force. */
export async function installIdentities(
  namespace: string,
  plane: Plane = { kubeconfig: inject('kubeconfig'), token: inject('token') },
): Promise<Identities> {
  const files = readdirSync(folder)
    .sort()
    .map(file => readFileSync(join(folder, file), 'utf8'));
  const objects = files
    .flatMap(text => loadAll(movedTo(text, namespace)))
    .map(each => objectSchema.parse(each));
  const applied = objects.map(each => named(each, namespace));
  const kubectl = async (stdin: string, ...args: string[]) => {
    const { code, stdout, stderr } = await kubectlWith({ stdin, kubeconfig: plane.kubeconfig }, ...args);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr}`);
    return stdout;
  };
  const manifests = applied.map(each => JSON.stringify(each)).join('\n---\n');
  await kubectl(manifests, 'apply', '--server-side', '--force-conflicts', '-f', '-');
  const workplace = openWorkplace('identities');
  const token = (account: string) => kubectl('', 'create', 'token', account, '-n', namespace);
  const kubeconfig = async (account: string) => {
    const file = workplace.path(`${account}.kubeconfig`);
    const admin = readFileSync(plane.kubeconfig, 'utf8');
    writeFileSync(file, admin.replaceAll(plane.token, await token(account)), { mode: 0o600 });
    return file;
  };
  const observer = await kubeconfig('holdfast-observer');
  await inForce(observer, namespace);
  return {
    observer,
    converger: await kubeconfig('holdfast-converger'),
    observerToken: await token('holdfast-observer'),
    policy: `holdfast-observer-${namespace}`,
    objects: applied,
    close: () => workplace.close(),
  };
}

/** The server takes a moment to heed a new policy. */
async function inForce(kubeconfig: string, namespace: string): Promise<void> {
  const connection = await Connection.open({ kubeconfig });
  await waitUntil('the admission policy to be in force', async () => {
    try {
      await selfTest(new Cluster(connection), namespace);
      return true;
    } catch (error) {
      if (error instanceof Failure && error.code === 'HF1611') return false;
      throw error;
    }
  });
  connection.close();
}

function movedTo(text: string, namespace: string): string {
  return text
    .replaceAll('system:serviceaccount:holdfast:', `system:serviceaccount:${namespace}:`)
    .replaceAll('orValue("") == "holdfast"', `orValue("") == "${namespace}"`)
    .replaceAll('kubernetes.io/metadata.name: holdfast', `kubernetes.io/metadata.name: ${namespace}`)
    .replaceAll(/namespace: holdfast$/gm, `namespace: ${namespace}`);
}

/** Objects of the whole cluster get names of their own, so that tests beside each other do not change each other's. */
function named(object: z.output<typeof objectSchema>, namespace: string): object {
  const { kind, metadata } = object;
  if (kind === 'Namespace') return { ...object, metadata: { ...metadata, name: namespace } };
  if (metadata.namespace !== undefined) return object;
  const own = (name: unknown) => `${String(name)}-${namespace}`;
  const { roleRef, spec } = z
    .looseObject({
      roleRef: z.looseObject({ name: z.string() }).optional(),
      spec: z.looseObject({ policyName: z.string().optional() }).optional(),
    })
    .parse(object);
  return {
    ...object,
    metadata: { ...metadata, name: own(metadata.name) },
    ...(roleRef === undefined ? {} : { roleRef: { ...roleRef, name: own(roleRef.name) } }),
    ...(spec?.policyName === undefined ? {} : { spec: { ...spec, policyName: own(spec.policyName) } }),
  };
}

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../../sandbox/control-plane/start.ts';
import { openWorkplace, type Workplace } from '../../../sandbox/processes/workplace.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';
import { Connection } from '../../../src/cluster/connection.ts';
import { type Identities, installIdentities } from '../support/identities.ts';
import { kubectlWith } from '../support/kubectl.ts';
import { type AuditLog, auditLog } from './audit.ts';
import { grantsOf, needs, say } from './granted.ts';
import { asConverger, asObserver, install, type Stage } from './work.ts';

/**
 * The shipped roles, held against what the server itself wrote down of the work of the two accounts: a verb that no request
 * needed is one too many.
 */
const namespace = 'holdfast';
const app = `app-${randomBytes(4).toString('hex')}`;
let workplace: Workplace;
let plane: ControlPlane;
let audit: AuditLog;
let identities: Identities;
const stages: Stage[] = [];

beforeAll(async () => {
  workplace = openWorkplace('rights');
  audit = auditLog(workplace);
  plane = await startControlPlane({ apiServerArgs: audit.args });
  await kubectl('apply', '--server-side', '-f', 'manifests/holdfast/crds');
  await kubectl('wait', '--for=condition=Established', '-f', 'manifests/holdfast/crds');
  identities = await installIdentities(namespace, plane);
}, 120_000);

afterAll(async () => {
  for (const { cluster } of stages) cluster.connection.close();
  await identities?.close();
  await plane?.stop();
  await workplace?.close();
});

async function kubectl(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await kubectlWith({ kubeconfig: plane.kubeconfig }, ...args);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
  return stdout;
}

async function stage(kubeconfig: string): Promise<Stage> {
  const made = { namespace, app, cluster: new Cluster(await Connection.open({ kubeconfig })) };
  stages.push(made);
  return made;
}

/** What the roles of an account grant and none of its requests needed. */
async function unneeded(account: string): Promise<string[]> {
  const asked = await audit.by(`system:serviceaccount:${namespace}:${account}`);
  const grants = grantsOf(identities.objects, account);
  expect(grants.length).toBeGreaterThan(5);
  // roles that grant more than one has oneself take these verbs, and no request names them: see below
  const tested = grants.filter(({ verb }) => verb !== 'escalate' && verb !== 'bind');
  return tested.filter(grant => !asked.some(one => needs(one, grant))).map(say);
}

describe('the rights of the observer', () => {
  it('are needed one by one by what it does, and are enough for it', async () => {
    const { findings, told } = await (async () => {
      await install(await stage(plane.kubeconfig));
      return asObserver(await stage(identities.observer));
    })();

    expect(findings.filter(({ type }) => type === 'unknown')).toEqual([]);
    expect(told).toEqual([]);
    expect(await unneeded('holdfast-observer')).toEqual([]);
  }, 120_000);
});

describe('the rights of the converger', () => {
  it('are needed one by one by what it does, and are enough for it', async () => {
    const failed = await asConverger(await stage(identities.converger));

    expect(failed).toEqual([]);
    expect(await unneeded('holdfast-converger')).toEqual([]);
  }, 120_000);
});

describe('granting more than one has', () => {
  const role = (verbs: string) =>
    `{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: more-${app}}, rules: [{apiGroups: [''], resources: [pods], verbs: [${verbs}]}]}`;
  const binding = `{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: more-${app}}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}, subjects: [{kind: User, name: nobody, apiGroup: rbac.authorization.k8s.io}]}`;

  it.each([
    ['the observer', 'escalate', () => identities.observer, role('impersonate')],
    ['the observer', 'bind', () => identities.observer, binding],
    ['the converger', 'escalate', () => identities.converger, role('impersonate')],
    ['the converger', 'bind', () => identities.converger, binding],
  ] as const)('is what %s has the verb %s for', async (who, verb, kubeconfig, object) => {
    const name = `holdfast-${who.slice(4)}${who === 'the observer' ? '-dry-run' : ''}-${namespace}`;
    const dryRun = async () => {
      const options = { kubeconfig: kubeconfig(), stdin: object };
      const { stderr } = await kubectlWith(options, 'apply', '--server-side', '--dry-run=server', '-f', '-');
      return stderr;
    };
    expect(await dryRun()).toBe('');

    const before = JSON.parse(await kubectl('get', 'clusterrole', name, '-o', 'json')) as {
      rules: { verbs: string[] }[];
    };
    const rules = before.rules.map(rule => ({ ...rule, verbs: rule.verbs.filter(each => each !== verb) }));
    const replace = (to: object) =>
      kubectl('patch', 'clusterrole', name, '--type=merge', '-p', JSON.stringify(to));
    await replace({ rules: rules.filter(({ verbs }) => verbs.length > 0) });
    await expect.poll(dryRun, { timeout: 10_000 }).toMatch(/forbidden/);
    await replace({ rules: before.rules });
  });
});

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { Cluster } from '../../../src/cluster/cluster.ts';
import { Connection } from '../../../src/cluster/connection.ts';
import { installCrds } from '../converge/support.ts';
import { type Identities, installIdentities } from '../support/identities.ts';
import { applyManifests, kubectlWith, mustKubectl } from '../support/kubectl.ts';
import { type Attempt, attemptsOn, everyKind, served } from './attempts.ts';

const namespace = `holdfast-${randomBytes(4).toString('hex')}`;
const app = `app-${randomBytes(4).toString('hex')}`;
let identities: Identities;
let observer: Cluster;
let admin: Cluster;

beforeAll(async () => {
  await installCrds();
  identities = await installIdentities(namespace);
  observer = new Cluster(await Connection.open({ kubeconfig: identities.observer }));
  admin = new Cluster(await Connection.open({ kubeconfig: inject('kubeconfig') }));
  await mustKubectl('create', 'namespace', app);
  await applyManifests(
    everyKind(app)
      .map(object => JSON.stringify(object))
      .join('\n---\n'),
    '--validate=false',
  );
});

afterAll(async () => {
  await mustKubectl('delete', 'namespace', app, namespace, '--wait=false');
  observer.connection.close();
  admin.connection.close();
  await identities.close();
});

const send = (cluster: Cluster, { what: _what, ...request }: Attempt) =>
  cluster.connection.request({ ...request, timeoutMs: 10_000 });

/** Refused for what it is, and not because it was merely wrong: by RBAC, or by the policy. */
const isRefused = ({ status, body }: { status: number; body: unknown }) =>
  status === 403 || (status === 422 && refusals.test(JSON.stringify(body)));

/** The simulated node cannot resize Pods: the server says so before it asks a policy. */
const refusals = /ValidatingAdmissionPolicy|without support for resize/;

/** A PUT of what is there now with one more label, so that it is valid. */
async function overLive(attempt: Attempt): Promise<Attempt> {
  if (attempt.method !== 'PUT' || /\/(scale|resize|approval)$/.test(attempt.path)) return attempt;
  const found = z
    .looseObject({ metadata: z.looseObject({}) })
    .safeParse((await admin.connection.request({ path: attempt.path.replace(/\/finalize$/, '') })).body);
  if (!found.success) return attempt;
  const metadata = { ...found.data.metadata, labels: { by: 'observer' } };
  return { ...attempt, body: { ...found.data, metadata } };
}

describe('the observer', () => {
  it('can neither create, change nor delete anything of any kind, nor by any subresource', async () => {
    const kinds = await served(observer);
    const before = await fingerprint();
    const attempts = attemptsOn(kinds, everyKind(app), app);
    const got: string[] = [];
    for (const attempt of attempts) {
      const answer = await send(observer, await overLive(attempt));
      if (!isRefused(answer))
        got.push(`${attempt.what}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 200)}`);
    }

    expect(attempts.length).toBeGreaterThan(250);
    expect(got).toEqual([]);
    expect(await fingerprint()).toEqual(before);
  });

  it('dry-runs what it compares', async () => {
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'dry', namespace: app } };
    const path = `/api/v1/namespaces/${app}/configmaps`;

    const created = await send(observer, { what: '', method: 'POST', path, body, query: { dryRun: 'All' } });

    expect(created.status).toBe(201);
  });

  it.each<[string, string, object | undefined]>([
    ['reports', 'driftreports', { unit: 'u' }],
    ['requests', 'syncs', { unit: 'u', revision: 'a'.repeat(40), reason: 'request' }],
    ['records', 'auditrecords', { action: 'sync', outcome: 'refused', by: 'u', via: 'slack', reason: 'r' }],
    ['freezes', 'freezes', { reason: 'r', by: 'u' }],
  ])('may create %s of its own, in its namespace alone', async (_what, plural, spec) => {
    const kind = {
      driftreports: 'DriftReport',
      syncs: 'Sync',
      auditrecords: 'AuditRecord',
      freezes: 'Freeze',
    }[plural];
    const attempt = (where: string) => ({
      what: '',
      method: 'POST' as const,
      path: `/apis/holdfast.dev/v1alpha1/namespaces/${where}/${plural}`,
      body: { apiVersion: 'holdfast.dev/v1alpha1', kind, metadata: { name: 'own' }, spec },
    });

    const [here, there] = [await send(observer, attempt(namespace)), await send(observer, attempt(app))];

    expect([here.status, isRefused(there)]).toEqual([201, true]);
  });

  it('may hold its own Lease and no other', async () => {
    const lease = (name: string) => ({
      what: '',
      method: 'POST' as const,
      path: `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`,
      body: { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name } },
    });

    expect((await send(observer, lease('holdfast-observer'))).status).toBe(201);
    expect(isRefused(await send(observer, lease('holdfast-converger')))).toBe(true);
  });

  it('may not write the record of a sync, nor a verdict, nor an inventory', async () => {
    const status = { status: { phase: 'Succeeded' } };
    const path = (rest: string) => `/apis/holdfast.dev/v1alpha1/namespaces/${namespace}/${rest}`;
    const merge = 'application/merge-patch+json';
    const made = (kind: string, spec: object) => ({
      apiVersion: 'holdfast.dev/v1alpha1',
      kind,
      metadata: { name: 'forged' },
      spec,
    });
    const sha = 'a'.repeat(40);
    const attempts: Attempt[] = [
      { what: 'status', method: 'PATCH', path: path('syncs/own/status'), body: status, contentType: merge },
      { what: 'delete', method: 'DELETE', path: path('syncs/own') },
      {
        what: 'verdict',
        method: 'POST',
        path: path('authorizations'),
        body: made('Authorization', { from: sha, revision: sha, verdict: 'authorized' }),
      },
      {
        what: 'inventory',
        method: 'POST',
        path: path('inventories'),
        body: made('Inventory', { unit: 'u', page: 0, count: 0, items: [] }),
      },
    ];

    for (const attempt of attempts)
      expect([attempt.what, isRefused(await send(observer, attempt))]).toEqual([attempt.what, true]);
  });
});

describe('what would lead out of it', () => {
  it('threat 39: a token of the converger by a dry run is refused by the admission policy', async () => {
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences: [] } };
    const ask = (account: string, query: Record<string, string>) =>
      send(observer, {
        what: '',
        method: 'POST',
        path: `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`,
        body,
        query,
      });

    for (const account of ['holdfast-converger', 'holdfast-observer', 'default'])
      for (const query of [{ dryRun: 'All' }, {} as Record<string, string>]) {
        const { status, body: answer } = await ask(account, query);
        expect(status).toBe(403);
        expect(JSON.stringify(answer)).toContain('the observer gets no tokens, not even by a dry run');
        expect(JSON.stringify(answer)).not.toContain('"token":"');
      }
  });

  it.each([
    ['the policy', 'ValidatingAdmissionPolicy', 'validatingadmissionpolicies'],
    ['its binding', 'ValidatingAdmissionPolicyBinding', 'validatingadmissionpolicybindings'],
  ])('threat 40: weakening %s is refused by RBAC, and so is deleting it', async (_what, _kind, plural) => {
    const path = `/apis/admissionregistration.k8s.io/v1/${plural}/${identities.policy}`;
    const before = await admin.connection.request({ path });
    const body = { spec: { validationActions: ['Audit'], validations: [{ expression: 'true' }] } };
    const contentType = 'application/merge-patch+json';

    for (const query of [{}, { dryRun: 'All' }]) {
      expect(
        (await send(observer, { what: '', method: 'PATCH', path, body, contentType, query })).status,
      ).toBe(403);
      expect((await send(observer, { what: '', method: 'DELETE', path, query })).status).toBe(403);
    }
    expect((await admin.connection.request({ path })).body).toEqual(before.body);
  });

  it.each([
    ['MutatingWebhookConfiguration', 'mutatingwebhookconfigurations'],
    ['ValidatingWebhookConfiguration', 'validatingwebhookconfigurations'],
    ['ValidatingAdmissionPolicyBinding', 'validatingadmissionpolicybindings'],
    ['MutatingAdmissionPolicy', 'mutatingadmissionpolicies'],
  ])(
    'threat 40: a new %s of its own, which no policy would see, is refused by RBAC',
    async (kind, plural) => {
      const apiVersion = kind === 'MutatingAdmissionPolicy' ? 'v1beta1' : 'v1';
      const { status } = await send(observer, {
        what: '',
        method: 'POST',
        path: `/apis/admissionregistration.k8s.io/${apiVersion}/${plural}`,
        body: { apiVersion: `admissionregistration.k8s.io/${apiVersion}`, kind, metadata: { name: 'evil' } },
      });

      expect([403, 404]).toContain(status);
    },
  );

  it.each(['system:admin', `system:serviceaccount:${namespace}:holdfast-converger`])(
    'impersonating %s is refused',
    async name => {
      const as = ['get', 'namespaces', '--as', name];
      const { code, stderr } = await kubectlWith({ kubeconfig: identities.observer }, ...as);

      expect([code === 0, stderr]).toEqual([false, expect.stringContaining('cannot impersonate')]);
    },
  );
});

/** Everything in the namespaces of the test that nobody else writes: uid and version of each object. */
async function fingerprint(): Promise<string[]> {
  const found: string[] = [];
  const list = z.object({
    items: z.array(
      z.object({ metadata: z.object({ name: z.string(), uid: z.string(), resourceVersion: z.string() }) }),
    ),
  });
  for (const { path, verbs, namespaced, plural } of await served(admin)) {
    if (!verbs.includes('list') || plural === 'events') continue;
    const where = namespaced ? path.replace(/\/([^/]+)$/, `/namespaces/${app}/$1`) : path;
    const parsed = list.safeParse((await admin.connection.request({ path: where })).body);
    for (const { metadata } of parsed.data?.items ?? []) {
      if (!namespaced && !metadata.name.endsWith(app)) continue;
      found.push(`${path} ${metadata.name} ${metadata.uid}`);
    }
  }
  return found.sort();
}

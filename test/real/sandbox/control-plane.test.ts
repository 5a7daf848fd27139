import { expect, inject, it } from 'vitest';
import { kubectl, mustKubectl, uniqueNamespace } from '../support/kubectl.ts';

it('a Deployment becomes available, though no container ever runs', async () => {
  const namespace = await uniqueNamespace('sandbox');

  await mustKubectl(
    '-n',
    namespace,
    'create',
    'deployment',
    'web',
    '--image=example.invalid/web:1',
    '--replicas=2',
  );

  await mustKubectl('-n', namespace, 'wait', '--for=condition=Available', 'deployment/web', '--timeout=30s');
  expect(
    await mustKubectl('-n', namespace, 'get', 'deployment', 'web', '-o', 'jsonpath={.status.readyReplicas}'),
  ).toBe('2');
});

it('a Job completes', async () => {
  const namespace = await uniqueNamespace('sandbox');

  await mustKubectl('-n', namespace, 'create', 'job', 'once', '--image=example.invalid/once:1');

  await mustKubectl('-n', namespace, 'wait', '--for=condition=Complete', 'job/once', '--timeout=30s');
});

it('a deleted namespace goes, with what is in it', async () => {
  const namespace = await uniqueNamespace('sandbox');
  await mustKubectl('-n', namespace, 'create', 'deployment', 'web', '--image=example.invalid/web:1');
  await mustKubectl('-n', namespace, 'wait', '--for=condition=Available', 'deployment/web', '--timeout=30s');

  await mustKubectl('delete', 'namespace', namespace, '--timeout=40s');

  const { code, stderr } = await kubectl('get', 'namespace', namespace);
  expect(code).toBe(1);
  expect(stderr).toContain('NotFound');
});

it('kubectl fits the server, and the server has validating admission policies', async () => {
  const version = JSON.parse(await mustKubectl('version', '-o', 'json')) as Record<
    'clientVersion' | 'serverVersion',
    { minor: string }
  >;
  const skew = Number(version.clientVersion.minor) - Number(version.serverVersion.minor);

  expect(Math.abs(skew)).toBeLessThanOrEqual(1);
  expect(
    await mustKubectl('api-resources', '--api-group=admissionregistration.k8s.io', '-o', 'name'),
  ).toContain('validatingadmissionpolicies');
  expect(inject('server')).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
});

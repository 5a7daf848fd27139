import { describe, expect, it } from 'vitest';
import { owed, rollsOut } from '../../../../../src/drivers/kubernetes/converge/health/companions.ts';
import { healthOf } from '../../../../../src/drivers/kubernetes/converge/health/health.ts';

const said = (object: Parameters<typeof healthOf>[0]) => {
  const health = healthOf(object);
  return health.state === 'healthy' ? 'healthy' : `${health.state}: ${health.message}`;
};
const rollout = (status: object, generation = 3) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Rollout',
  metadata: { name: 'web', generation },
  status: { ...status },
});
const canary = (status: object) => ({
  apiVersion: 'flagger.app/v1beta1',
  kind: 'Canary',
  metadata: { name: 'web' },
  spec: { analysis: { interval: '30s' } },
  status: { ...status },
});

describe('an Argo Rollout', () => {
  it.each([
    ['that is done', { observedGeneration: '3', phase: 'Healthy' }, 'healthy'],
    [
      'that was healthy before the last change',
      { observedGeneration: '2', phase: 'Healthy' },
      'progressing: its controller has not seen the last change yet',
    ],
    [
      'that is paused in the middle',
      { observedGeneration: '3', phase: 'Paused', message: 'CanaryPauseStep' },
      'progressing: the rollout is paused: CanaryPauseStep',
    ],
    [
      'that was aborted',
      { observedGeneration: '3', phase: 'Degraded', message: 'RolloutAborted: metric failed' },
      'unhealthy: RolloutAborted: metric failed',
    ],
    ['that nobody has looked at', {}, 'progressing: its controller has not seen the last change yet'],
    ['that goes on', { observedGeneration: '3', phase: 'Progressing' }, 'progressing: the rollout goes on'],
  ])('%s', (_what, status, health) => {
    expect(said(rollout(status))).toBe(health);
  });
});

describe('a Flagger Canary', () => {
  it.each([
    ['that was set up', { phase: 'Initialized' }, 'healthy'],
    ['that succeeded', { phase: 'Succeeded' }, 'healthy'],
    [
      'that goes on',
      { phase: 'Progressing', canaryWeight: 20 },
      'progressing: the canary is Progressing with 20 % of the traffic',
    ],
    ['that waits for somebody', { phase: 'WaitingPromotion' }, 'progressing: the canary is WaitingPromotion'],
    [
      'that was rolled back',
      { phase: 'Failed', conditions: [{ type: 'Promoted', status: 'False', message: 'failed checks' }] },
      'unhealthy: failed checks',
    ],
    ['that nobody has looked at', {}, 'progressing: the canary is Initializing'],
  ])('%s', (_what, status, health) => {
    expect(said(canary(status))).toBe(health);
  });
});

describe('after its workload was applied', () => {
  const workload = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
  // our own clock is an hour ahead of the server's, or not: what came first is told by the server's alone
  const applied = {
    ref: workload,
    generation: 7,
    atMs: Date.parse('2026-11-21T13:00:00.700Z'),
    writtenAtMs: Date.parse('2026-11-21T12:00:00Z'),
  };
  const at = (seconds: number) => applied.atMs + seconds * 1_000;

  it.each([
    ['a Canary that has not moved since', canary({ lastTransitionTime: '2026-11-21T11:00:00Z' }), 59, true],
    ['a Canary that has moved', canary({ lastTransitionTime: '2026-11-21T12:00:00Z' }), 1, false],
    ['a Canary that moved right before', canary({ lastTransitionTime: '2026-11-21T11:59:59Z' }), 1, true],
    ['a Canary that does not move for two intervals', canary({}), 61, false],
    ['a Rollout that has not seen it', rollout({ workloadObservedGeneration: '6' }), 1, true],
    ['a Rollout that has seen it', rollout({ workloadObservedGeneration: '7' }), 1, false],
  ])('%s', (_what, object, seconds, waits) => {
    expect(owed(object, applied, at(seconds)) !== undefined).toBe(waits);
  });

  it.each([
    ['flagger.app/v1beta1', 'Canary', { targetRef: { kind: 'Deployment', name: 'web' } }, true],
    ['flagger.app/v1beta1', 'Canary', { targetRef: { kind: 'Deployment', name: 'other' } }, false],
    ['argoproj.io/v1alpha1', 'Rollout', { workloadRef: { kind: 'Deployment', name: 'web' } }, true],
    ['example.com/v1', 'Canary', { targetRef: { kind: 'Deployment', name: 'web' } }, false],
  ])('%s %s with %j rolls it out: %s', (apiVersion, kind, spec, does) => {
    expect(rollsOut({ ref: { apiVersion, kind, name: 'x' }, object: { spec } }, workload)).toBe(does);
  });
});

describe('what the repository says of health', () => {
  const rules = [
    {
      resource: { kind: 'Database', apiVersion: 'example.com/*' },
      healthy: "self.status.phase == 'Running' && self.status.replicas >= self.spec.replicas",
      failed: "self.status.phase == 'Broken'",
    },
  ];
  const database = (status?: object) => ({
    apiVersion: 'example.com/v1',
    kind: 'Database',
    metadata: { name: 'db' },
    spec: { replicas: 2 },
    ...(status === undefined ? {} : { status: { ...status } }),
  });

  it.each([
    ['healthy where it holds', database({ phase: 'Running', replicas: 2 }), 'healthy'],
    ['progressing where it does not', database({ phase: 'Running', replicas: 1 }), 'progressing'],
    ['progressing while nothing is known', database(), 'progressing'],
    ['unhealthy where it failed', database({ phase: 'Broken' }), 'unhealthy'],
    ['healthy for what no rule is about', { ...database(), kind: 'Other' }, 'healthy'],
  ])('is %s', (_what, object, state) => {
    expect(healthOf(object, rules).state).toBe(state);
  });
});

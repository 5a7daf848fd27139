import { splitApiVersion } from '../../../../cluster/kind.ts';
import type { Json, JsonObject } from '../../../../json/json.ts';
import { isMap } from '../../../../json/value.ts';
import { listAt, numberAt, objectAt, textAt } from '../json.ts';
import { customHealth } from './custom.ts';
import { canaryHealth, rolloutHealth } from './progressive.ts';
import { type Condition, conditionsOf, type Health, healthy, progressing, unhealthy } from './result.ts';
import { type HealthRule, healthByRule } from './rules.ts';
import { daemonSetHealth, deploymentHealth, replicaSetHealth, statefulSetHealth } from './workloads.ts';

type Rule = (object: JsonObject, conditions: Map<string, Condition>) => Health;

const rules: Record<string, Rule> = {
  'Deployment.apps': deploymentHealth,
  'StatefulSet.apps': statefulSetHealth,
  'DaemonSet.apps': daemonSetHealth,
  'ReplicaSet.apps': replicaSetHealth,
  'Job.batch': jobHealth,
  Pod: podHealth,
  PersistentVolumeClaim: claimHealth,
  Namespace: namespaceHealth,
  'CustomResourceDefinition.apiextensions.k8s.io': definitionHealth,
  'APIService.apiregistration.k8s.io': apiServiceHealth,
  'Rollout.argoproj.io': rolloutHealth,
  'Canary.flagger.app': canaryHealth,
  Service: () => healthy,
  'HorizontalPodAutoscaler.autoscaling': () => healthy,
  'PodDisruptionBudget.policy': () => healthy,
};

/**
 * Whether an object does what it was declared for, by the rules of kstatus (sigs.k8s.io/cli-utils): its controller has seen
 * the last change, and its status says that it is complete. Kinds without a rule are judged by their conditions; one that
 * tells nothing is healthy. What the repository's own rules say of an object (`own`) goes before all but that.
 */
export function healthOf(object: JsonObject, own: readonly HealthRule[] = []): Health {
  const metadata = objectAt(object, 'metadata');
  if (metadata['deletionTimestamp'] !== undefined) return progressing('it is being deleted');
  const generation = numberAt(metadata, 'generation');
  const observed = numberAt(object['status'], 'observedGeneration');
  if (generation !== undefined && observed !== undefined && observed < generation)
    return progressing('its controller has not seen the last change yet');
  const said = healthByRule(object, own);
  if (said !== undefined) return said;
  const { group } = splitApiVersion(textAt(object, 'apiVersion') ?? '');
  const kind = textAt(object, 'kind') ?? '';
  const rule = rules[group === '' ? kind : `${kind}.${group}`] ?? customHealth;
  return rule(object, conditionsOf(object));
}

function jobHealth(object: JsonObject, conditions: Map<string, Condition>): Health {
  const failed = conditions.get('Failed');
  if (failed?.status === 'True') return unhealthy(failed.message || 'the Job failed');
  if (conditions.get('Complete')?.status === 'True') return healthy;
  if (objectAt(object, 'spec')['suspend'] === true) return healthy;
  const status = objectAt(object, 'status');
  return progressing(
    `${numberAt(status, 'active') ?? 0} active, ${numberAt(status, 'succeeded') ?? 0} succeeded, ${numberAt(status, 'failed') ?? 0} failed`,
  );
}

function podHealth(object: JsonObject, conditions: Map<string, Condition>): Health {
  const phase = textAt(object['status'], 'phase');
  if (phase === 'Succeeded') return healthy;
  if (phase === 'Failed') return unhealthy(textAt(object['status'], 'message') ?? 'the Pod failed');
  if (phase === 'Running' && conditions.get('Ready')?.status === 'True') return healthy;
  return progressing(podTrouble(object) ?? `phase ${phase ?? 'Pending'}`);
}

/** Why a Pod does not become ready, as its containers and the scheduler tell; undefined where they tell nothing. */
export function podTrouble(pod: JsonObject): string | undefined {
  const status = pod['status'];
  const containers = [...listAt(status, 'initContainerStatuses'), ...listAt(status, 'containerStatuses')];
  for (const container of containers) {
    const waiting: Json = objectAt(objectAt(container, 'state'), 'waiting');
    const reason = textAt(waiting, 'reason');
    if (reason === undefined || reason === 'ContainerCreating' || reason === 'PodInitializing') continue;
    const message = textAt(waiting, 'message');
    const name = isMap(container) ? textAt(container, 'name') : undefined;
    return `container ${name ?? '?'}: ${reason}${message === undefined ? '' : `: ${message}`}`;
  }
  const scheduled = conditionsOf(pod).get('PodScheduled');
  return scheduled?.status === 'False' ? scheduled.message || 'it cannot be scheduled' : undefined;
}

function claimHealth(object: JsonObject): Health {
  const phase = textAt(object['status'], 'phase');
  if (phase === 'Bound') return healthy;
  return phase === 'Lost' ? unhealthy('its volume is lost') : progressing('it is not bound to a volume');
}

function namespaceHealth(object: JsonObject): Health {
  return textAt(object['status'], 'phase') === 'Active' ? healthy : progressing('it is not active');
}

function definitionHealth(_object: JsonObject, conditions: Map<string, Condition>): Health {
  const names = conditions.get('NamesAccepted');
  if (names?.status === 'False') return unhealthy(names.message || 'its names are taken');
  return conditions.get('Established')?.status === 'True' ? healthy : progressing('it is not established');
}

function apiServiceHealth(_object: JsonObject, conditions: Map<string, Condition>): Health {
  const available = conditions.get('Available');
  return available?.status === 'True' ? healthy : progressing(available?.message || 'it is not available');
}

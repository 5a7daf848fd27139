import type { JsonObject } from '../../../../json/json.ts';
import { numberAt, objectAt, textAt } from '../json.ts';
import { type Condition, type Health, healthy, progressing, unhealthy } from './result.ts';

function counted(object: JsonObject, key: string): number {
  return numberAt(object['status'], key) ?? 0;
}

function wantedReplicas(object: JsonObject): number {
  return numberAt(object['spec'], 'replicas') ?? 1;
}

/** A paused rollout is as declared and goes no further: it is not waited for. */
export function deploymentHealth(object: JsonObject, conditions: Map<string, Condition>): Health {
  if (objectAt(object, 'spec')['paused'] === true) return healthy;
  const progress = conditions.get('Progressing');
  if (progress?.reason === 'ProgressDeadlineExceeded') return unhealthy(progress.message || progress.reason);
  const wanted = wantedReplicas(object);
  const [all, updated] = [counted(object, 'replicas'), counted(object, 'updatedReplicas')];
  if (updated < wanted) return progressing(`${updated} of ${wanted} replicas are updated`);
  if (all > updated) return progressing(`${all - updated} old replicas are still there`);
  const available = counted(object, 'availableReplicas');
  if (available < wanted) return progressing(`${available} of ${wanted} replicas are available`);
  const condition = conditions.get('Available');
  return condition?.status === 'True'
    ? healthy
    : progressing(condition?.message || 'it is not available yet');
}

export function replicaSetHealth(object: JsonObject): Health {
  const [wanted, available] = [wantedReplicas(object), counted(object, 'availableReplicas')];
  return available < wanted ? progressing(`${available} of ${wanted} replicas are available`) : healthy;
}

export function statefulSetHealth(object: JsonObject): Health {
  const strategy = objectAt(object['spec'], 'updateStrategy');
  if (textAt(strategy, 'type') === 'OnDelete') return healthy;
  if (numberAt(object['status'], 'observedGeneration') === undefined)
    return progressing('its controller has not seen it yet');
  const wanted = wantedReplicas(object);
  const ready = counted(object, 'readyReplicas');
  if (ready < wanted) return progressing(`${ready} of ${wanted} replicas are ready`);
  const toUpdate = Math.max(wanted - (numberAt(objectAt(strategy, 'rollingUpdate'), 'partition') ?? 0), 0);
  const status = object['status'];
  const done = textAt(status, 'currentRevision') === textAt(status, 'updateRevision');
  const updated = counted(object, 'updatedReplicas');
  return done || updated >= toUpdate
    ? healthy
    : progressing(`${updated} of ${toUpdate} replicas are updated`);
}

export function daemonSetHealth(object: JsonObject): Health {
  if (textAt(objectAt(object['spec'], 'updateStrategy'), 'type') === 'OnDelete') return healthy;
  if (numberAt(object['status'], 'observedGeneration') === undefined)
    return progressing('its controller has not seen it yet');
  const wanted = counted(object, 'desiredNumberScheduled');
  const updated = counted(object, 'updatedNumberScheduled');
  if (updated < wanted) return progressing(`${updated} of ${wanted} Pods are updated`);
  const available = counted(object, 'numberAvailable');
  return available < wanted ? progressing(`${available} of ${wanted} Pods are available`) : healthy;
}

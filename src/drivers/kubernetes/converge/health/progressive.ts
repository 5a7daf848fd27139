import type { JsonObject } from '../../../../json/json.ts';
import { numberAt, objectAt, textAt } from '../json.ts';
import { type Condition, type Health, healthy, progressing, unhealthy } from './result.ts';

/**
 * Argo Rollouts (argoproj.io/v1alpha1 Rollout): its controller keeps `status.phase`, and writes the generation that it has seen
 * as text. A rollout that is paused waits for somebody: it is not at its end.
 */
export function rolloutHealth(object: JsonObject): Health {
  const status = object['status'];
  const generation = numberAt(objectAt(object, 'metadata'), 'generation') ?? 0;
  const seen = Number(textAt(status, 'observedGeneration') ?? numberAt(status, 'observedGeneration') ?? 0);
  if (seen < generation) return progressing('its controller has not seen the last change yet');
  const message = textAt(status, 'message');
  const words = (fallback: string) => (message === undefined || message === '' ? fallback : message);
  switch (textAt(status, 'phase')) {
    case 'Healthy':
      return healthy;
    case 'Degraded':
      return unhealthy(words('the rollout was aborted'));
    case 'Paused':
      return progressing(`the rollout is paused: ${words('it waits to be promoted')}`);
    default:
      return progressing(words('the rollout goes on'));
  }
}

/** Flagger (flagger.app/v1beta1 Canary): the phases of its analysis, of which three are ends. */
export function canaryHealth(object: JsonObject, conditions: Map<string, Condition>): Health {
  const status = object['status'];
  const phase = textAt(status, 'phase') ?? 'Initializing';
  if (phase === 'Initialized' || phase === 'Succeeded') return healthy;
  const message = conditions.get('Promoted')?.message;
  if (phase === 'Failed') return unhealthy(message || 'the canary was rolled back');
  const weight = numberAt(status, 'canaryWeight');
  return progressing(
    `the canary is ${phase}${weight === undefined ? '' : ` with ${weight} % of the traffic`}`,
  );
}

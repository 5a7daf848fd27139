import type { JsonObject } from '../../../../json/json.ts';
import { listAt, numberAt, objectAt, textAt } from '../json.ts';

/** `progressing` may still become healthy; `unhealthy` will not without a change. */
export type Health = { state: 'healthy' } | { state: 'progressing' | 'unhealthy'; message: string };

export const healthy: Health = { state: 'healthy' };

export function progressing(message: string): Health {
  return { state: 'progressing', message };
}

export function unhealthy(message: string): Health {
  return { state: 'unhealthy', message };
}

export interface Condition {
  status: string;
  reason: string;
  message: string;
}

/** The conditions of an object's status by type. One that speaks of an earlier generation is left out. */
export function conditionsOf(object: JsonObject): Map<string, Condition> {
  const generation = numberAt(objectAt(object, 'metadata'), 'generation') ?? 0;
  const current = listAt(object['status'], 'conditions').filter(
    condition => (numberAt(condition, 'observedGeneration') ?? generation) >= generation,
  );
  return new Map(
    current.map(condition => [
      textAt(condition, 'type') ?? '',
      {
        status: textAt(condition, 'status') ?? '',
        reason: textAt(condition, 'reason') ?? '',
        message: textAt(condition, 'message') ?? '',
      },
    ]),
  );
}

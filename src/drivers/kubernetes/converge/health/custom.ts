import type { JsonObject } from '../../../../json/json.ts';
import { type Condition, type Health, healthy, progressing, unhealthy } from './result.ts';

/**
 * Custom resources and every kind without a rule of its own: the conditions Stalled and Reconciling of kstatus, then
 * Ready. An object that has none of them cannot be waited for and counts as healthy.
 */
export function customHealth(_object: JsonObject, conditions: Map<string, Condition>): Health {
  const stalled = conditions.get('Stalled');
  if (stalled?.status === 'True') return unhealthy(words(stalled, 'it is stalled'));
  const reconciling = conditions.get('Reconciling');
  if (reconciling?.status === 'True') return progressing(words(reconciling, 'it is being reconciled'));
  const ready = conditions.get('Ready');
  if (ready === undefined || ready.status === 'True') return healthy;
  return progressing(words(ready, 'it is not ready'));
}

function words({ reason, message }: Condition, otherwise: string): string {
  return [reason, message].filter(Boolean).join(': ') || otherwise;
}

import type { Attribution } from '../../../findings/finding.ts';

/** Names under which people's tools write. Names are chosen by the client: they only make a rule stricter, never wider. */
export const hands =
  /^(kubectl|holdfast|node-fetch|lens|openlens|k9s|headlamp|mozilla|curl|before-first-apply)/i;

/** Names under which things are declared as a whole. */
const declaring = /^(kubectl-create|kubectl-client-side-apply|kubectl-replace|holdfast|before-first-apply)$/;

/** Whether a person's tool changed this field, and did not merely bring the object as it was declared. */
export function isTouch(by: Attribution | undefined): boolean {
  return by?.operation === 'Update' && hands.test(by.manager) && !declaring.test(by.manager);
}

import { describe, expect, it } from 'vitest';
import type { Finding, FindingType } from '../../src/findings/finding.ts';
import { compared, drift, Life, unknown } from './sample.ts';

const cart = 'drift/shop/apps/v1/Deployment/shop/cart';
const beside = (type: FindingType): Finding => ({ ...drift('cart'), type });
const notKnown = (type: string, name: string) => unknown('x', { resource: { type, name } });

describe('an incident of what lives beside the declarations', () => {
  it.each<[string, FindingType, Parameters<typeof compared>]>([
    ['its kind cannot be listed', 'unmanaged', [[notKnown('Kind', 'Deployment.apps')]]],
    ['its API is not available', 'unmanaged', [[notKnown('Kind', 'any of apps/v1')]]],
    ['not all declarations can be read', 'unmanaged', [[notKnown('Namespace', 'shop')]]],
    ['nothing was listed yet', 'unmanaged', [[], { unsure: ['unmanaged'] }]],
    ['it is not known yet what was declared earlier', 'orphaned', [[], { unsure: ['orphaned'] }]],
  ])('is not resolved merely because %s', (_what, type, signal) => {
    const life = new Life();
    life.at(0, compared([beside(type)]));

    expect(life.at(5, compared(...signal))).not.toContain(`resolved ${cart}`);
    expect(life.get(cart)?.state).toBe('open');
  });

  it.each<[string, FindingType, Parameters<typeof compared>]>([
    ['another kind cannot be listed', 'unmanaged', [[notKnown('Kind', 'Secret')]]],
    ['another namespace is in doubt', 'unmanaged', [[notKnown('Namespace', 'other')]]],
    ['something else was not looked for', 'unmanaged', [[], { unsure: ['orphaned'] }]],
    [
      'a kind cannot be listed, which says nothing of what is declared',
      'changed',
      [[notKnown('Kind', 'Deployment.apps')]],
    ],
  ])('is resolved although %s', (_what, type, signal) => {
    const life = new Life();
    life.at(0, compared([beside(type)]));

    expect(life.at(5, compared(...signal))).toContain(`resolved ${cart}`);
  });
});

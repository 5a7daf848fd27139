import { land, push } from './change.ts';
import type { Stage } from './stage.ts';
import { showSync, succeeded } from './syncs.ts';

/** A change by pull request: merged and approved, it is rolled out, and the record says by whose leave. */
export async function merge(stage: Stage): Promise<void> {
  const { shop } = stage;
  stage.scene('A change comes by pull request');
  const before = shop.daemon.told().length;
  stage.act('alice pushes a branch that moves the cart to 1.3 and three replicas');
  await push(stage, 'alice', 'cart-1.3', 'Move the cart to 1.3', {
    edit: { 'manifests/shop/cart.yaml': { 'cart:1.2': 'cart:1.3', 'replicas: 2': 'replicas: 3' } },
  });
  const { number, revision } = await land(stage, 'cart-1.3', 'Cart 1.3 with three replicas');
  const sync = await succeeded(stage, 'shop', revision);
  showSync(stage, sync);
  const pull = sync.status?.authorization?.pulls[0];
  stage.check('the record names the pull request', pull?.number === number);
  stage.check('the record names the approver', pull?.approvers.includes('bob') === true);
  stage.check('the record names the plan', /^sha256:[0-9a-f]{64}$/.test(sync.status?.plan?.digest ?? ''));
  const state = await shop.kubectl(
    '--namespace',
    'shop',
    'get',
    'deployment',
    'cart',
    '--output',
    'jsonpath={.spec.template.spec.containers[0].image} {.status.availableReplicas}',
  );
  stage.check(`the cluster runs ${state}`, state === 'shop/cart:1.3 3');
  stage.act('kubectl --namespace holdfast get syncs');
  stage.see(await shop.kubectl('--namespace', 'holdfast', 'get', 'syncs'));
  stage.check('and nobody was told of drift meanwhile', !shop.daemon.told().slice(before).includes('DRIFT'));
}

import { alert, run, type Stage } from './stage.ts';

/** Somebody edits production by hand; Holdfast says who, what and where, and puts it right when asked. */
export async function handEdit(stage: Stage): Promise<void> {
  const { shop } = stage;
  stage.scene('Somebody edits production by hand');
  const before = shop.daemon.told().length;
  stage.act('kubectl --namespace shop set image deployment/cart web=shop/cart:hotfix');
  await shop.kubectl('--namespace', 'shop', 'set', 'image', 'deployment/cart', 'web=shop/cart:hotfix');
  const edited = performance.now();
  const told = await alert(
    stage,
    before,
    ['DRIFT', 'cart', 'shop/cart:1.2', 'shop/cart:hotfix', 'kubectl-set', 'manifests/shop/cart.yaml:'],
    10_000,
  );
  const seconds = (performance.now() - edited) / 1000;
  stage.see(told);
  stage.check(
    `told ${seconds.toFixed(2)} s after the edit, with field, old, new, manager and file:line`,
    seconds < 2,
  );
  stage.see(await run(stage, 'sync', 'shop'));
  stage.see(await alert(stage, before, ['RESOLVED', 'cart'], 10_000));
  const image = await shop.kubectl(
    '--namespace',
    'shop',
    'get',
    'deployment',
    'cart',
    '--output',
    'jsonpath={.spec.template.spec.containers[0].image}',
  );
  stage.check(`the cluster runs ${image} again`, image === 'shop/cart:1.2');
}

import { land, push } from './change.ts';
import { alert, run, type Stage } from './stage.ts';
import { showSync, succeeded } from './syncs.ts';

const silencingRule = `apiVersion: holdfast.dev/v1alpha1
ignore:
  - resource: { kind: Deployment, name: catalogue }
    reason: nothing to see here
`;

/** A push past the protection: refused, applied nowhere, silencing nothing; and healed by a pull request that ratifies it. */
export async function pastTheGate(stage: Stage): Promise<void> {
  const { shop } = stage;
  stage.scene('Somebody pushes past the gate');
  const before = shop.daemon.told().length;
  stage.act(
    'mallory pushes to main: another catalogue image, one manifest deleted, and a rule that ignores the catalogue',
  );
  const network = await shop.kubectl(
    '--namespace',
    'shop',
    'get',
    'networkpolicy',
    'cart',
    '--output',
    'jsonpath={.metadata.uid}',
  );
  const pushed = await push(stage, 'mallory', 'main', 'Merge pull request #1 from alice/cart', {
    edit: { 'manifests/shop/catalogue.yaml': { 'catalogue:3.0': 'catalogue:3.1' } },
    write: { 'holdfast.yaml': silencingRule },
    remove: ['manifests/shop/network.yaml'],
  });
  stage.see(await alert(stage, before, ['REFUSED', pushed.slice(0, 7)]));
  stage.check('nothing of it was applied', (await catalogueImage(stage)) === 'shop/catalogue:3.0');
  const uid = await shop.kubectl(
    '--namespace',
    'shop',
    'get',
    'networkpolicy',
    'cart',
    '--output',
    'jsonpath={.metadata.uid}',
  );
  stage.check('what it deletes is still there', uid === network);
  await nothingIsSilenced(stage);
  await ratify(stage, pushed, before);
}

async function nothingIsSilenced(stage: Stage): Promise<void> {
  const { shop } = stage;
  const before = shop.daemon.told().length;
  stage.act('kubectl --namespace shop label deployment/catalogue tampered=yes');
  await shop.kubectl('--namespace', 'shop', 'label', 'deployment/catalogue', 'tampered=yes');
  stage.see(await alert(stage, before, ['DRIFT', 'catalogue', 'tampered'], 10_000));
  stage.see(await run(stage, 'sync', 'shop'));
  await alert(stage, before, ['RESOLVED', 'catalogue'], 10_000);
}

async function ratify(stage: Stage, pushed: string, since: number): Promise<void> {
  stage.scene('A later pull request ratifies what is good of it');
  const message = `Keep the catalogue at 3.1, put back the rest\n\nHoldfast-Ratifies: ${pushed}`;
  stage.act(
    `alice pushes a branch that puts back the manifest and the settings; its commit says "Holdfast-Ratifies: ${pushed.slice(0, 7)}…"`,
  );
  await push(stage, 'alice', 'ratify', message, {
    restore: ['manifests/shop/network.yaml', 'holdfast.yaml'],
  });
  const { revision } = await land(stage, 'ratify', 'Catalogue 3.1');
  showSync(stage, await succeeded(stage, 'shop', revision));
  stage.see(await alert(stage, since, ['RESOLVED', 'main']));
  stage.check('what was ratified runs', (await catalogueImage(stage)) === 'shop/catalogue:3.1');
  stage.see(await run(stage, 'status'));
}

function catalogueImage({ shop }: Stage): Promise<string> {
  const image = 'jsonpath={.spec.template.spec.containers[0].image}';
  return shop.kubectl('--namespace', 'shop', 'get', 'deployment', 'catalogue', '--output', image);
}

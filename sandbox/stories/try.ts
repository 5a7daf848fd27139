import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stopOnSignals } from '../processes/signals.ts';
import { follow } from '../shop/daemon.ts';
import type { Person } from '../shop/forge.ts';
import { git } from '../shop/git.ts';
import { type Shop, startShop } from '../shop/start.ts';
import type { Stage } from './stage.ts';
import { succeeded } from './syncs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Starts the shop, prints what to try with the exact commands, tells what Holdfast tells, and stays up until Ctrl-C. */
export async function tryIt(): Promise<void> {
  const begun = performance.now();
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const shop = await startShop(step => say(`… ${step}`));
  let stopping = false;
  stopOnSignals(() => {
    stopping = true;
    return shop.stop();
  });
  const ignore = () => undefined;
  const stage: Stage = { shop, scene: ignore, act: ignore, see: ignore, check: ignore };
  say('… waiting for the first convergence');
  for (const unit of ['payments', 'shop']) await succeeded(stage, unit, shop.forge.trustRoot);
  await handOver(shop);
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  say(whatToTry(shop).replace('SECONDS', seconds));
  follow(shop.workplace.path('console.log'), text => process.stdout.write(text));
  void shop.daemon.process.ended.then(status => {
    if (stopping) return;
    say(
      `\nHoldfast has ended (${status}); Ctrl-C, then \`make try\` again. Its last words:\n${shop.daemon.log()}`,
    );
  });
  // Only a signal ends it; the children end with us.
  await new Promise(() => setInterval(ignore, 2 ** 30));
}

/** Writes what a shell needs: the environment, the tools on the path, and `as PERSON METHOD PATH JSON` for the forge. */
async function handOver(shop: Shop): Promise<void> {
  const { forge, sandbox, checkout } = shop;
  const tokens: readonly Person[] = ['alice', 'bob', 'mallory'];
  await git(checkout, 'config', 'user.name', 'Alice');
  await git(checkout, 'config', 'user.email', 'alice@sandbox.invalid');
  for (const person of tokens) await git(checkout, 'remote', 'add', person, forge.cloneUrl(person));
  mkdirSync(shop.workplace.path('bin'));
  const lines = [
    ...Object.entries(shop.env).map(([name, value]) => `export ${name}='${value}'`),
    `export PATH='${root}bin:${dirname(sandbox.controlPlane.kubectl)}':"$PATH"`,
    ...tokens.map(person => `${person}='${forge.people[person].token}'`),
    'as() {',
    `  curl --silent --show-error --fail-with-body --output /dev/null --write-out '%{http_code}\\n' --header "Authorization: token \${!1}" \\`,
    `    --header 'Content-Type: application/json' --request "$2" '${forge.url}/api/v1/repos/${forge.repository}/'"$3" --data "\${4:-{\\}}"`,
    '}',
    `cd '${checkout}'`,
    'git checkout --quiet main',
    '',
  ];
  writeFileSync(shop.workplace.path('env.sh'), lines.join('\n'), { mode: 0o600 });
}

function whatToTry(shop: Shop): string {
  return `
Ready after SECONDS s. The shop runs as its repository declares it. In another terminal (bash):

  source ${shop.workplace.path('env.sh')}

1. Edit production by hand. Within two seconds it is told here; then have it put right.
     kubectl -n shop set image deployment/cart web=shop/cart:hotfix
     holdfast status
     holdfast sync shop

2. Change it by pull request: alice opens it, bob approves, alice merges; then look at the record.
     git fetch -q alice && git checkout -q -B cart-1.3 alice/main
     sed -i s/cart:1.2/cart:1.3/ manifests/shop/cart.yaml && git commit -qam 'Cart 1.3' && git push -q alice cart-1.3
     as alice POST pulls '{"title":"Cart 1.3","head":"cart-1.3","base":"main"}'
     as bob POST pulls/1/reviews '{"event":"APPROVED"}'
     as alice POST pulls/1/merge '{"Do":"merge"}'
     kubectl -n holdfast get syncs,authorizations

3. Push past the gate: mallory may, and nothing comes of it.
     git fetch -q mallory && git checkout -q -B oops mallory/main
     git rm -q manifests/shop/network.yaml && git commit -qm 'Merge pull request #2' && git push -q mallory oops:main
     holdfast verify $(git rev-parse oops) --from $(git rev-parse oops~1)
     kubectl -n shop get networkpolicies

Ctrl-C stops everything and leaves nothing behind. What Holdfast tells:
`;
}

import { Failure } from '../../src/failure/failure.ts';
import { stopOnSignals } from '../processes/signals.ts';
import { startShop } from '../shop/start.ts';
import { handEdit } from './hand-edit.ts';
import { merge } from './merge.ts';
import { pastTheGate } from './past-the-gate.ts';
import type { Stage } from './stage.ts';
import { succeeded } from './syncs.ts';

/** Tells the stories by themselves, as a transcript on stdout. Throws at the first check that does not hold. */
export async function demo(): Promise<void> {
  const begun = performance.now();
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const shop = await startShop(step => say(`… ${step}`));
  stopOnSignals(() => shop.stop());
  const stage: Stage = {
    shop,
    scene: title => say(`\n## ${title}\n`),
    act: line => say(`$ ${line}`),
    see: text => say(`${text.replaceAll(/^/gm, '    ')}\n`),
    check: (what, holds) => {
      say(`  ${holds ? '✓' : '✗'} ${what}`);
      if (!holds) throw new Failure('HF1004', `the story went wrong: ${what}\n${shop.daemon.log()}`);
    },
  };
  try {
    stage.scene('What was merged begins to run');
    for (const unit of ['payments', 'shop']) await succeeded(stage, unit, shop.forge.trustRoot);
    await handEdit(stage);
    await merge(stage);
    await pastTheGate(stage);
    say(`\nAll as it should be, in ${((performance.now() - begun) / 1000).toFixed(0)} s.`);
  } finally {
    await shop.stop();
  }
}

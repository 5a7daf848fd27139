import { z } from 'zod';
import { isFinal, type Sync, syncSchema } from '../../src/converge/sync.ts';
import { eventually, type Stage } from './stage.ts';

const list = z.object({ items: z.array(syncSchema) });

/** Waits for the end of a unit's Sync to a revision; any end but success ends the story. */
export async function succeeded(stage: Stage, unit: string, revision: string): Promise<Sync> {
  const found = await eventually(stage, `the sync of ${unit} to ${revision.slice(0, 7)}`, async () => {
    const { items } = list.parse(
      JSON.parse(await stage.shop.kubectl('get', 'syncs', '--namespace', 'holdfast', '--output', 'json')),
    );
    return items.find(
      ({ spec, status }) =>
        spec.unit === unit && spec.revision === revision && status !== undefined && isFinal(status.phase),
    );
  });
  stage.check(
    `the sync succeeded (${found.status?.phase}: ${found.status?.message ?? ''})`,
    found.status?.phase === 'Succeeded',
  );
  return found;
}

/** Shows a Sync as its record tells it. */
export function showSync(stage: Stage, { spec, status }: Sync): void {
  const pulls = status?.authorization?.pulls ?? [];
  for (const pull of pulls)
    stage.see(`pull request #${pull.number} "${pull.title}", approved by ${pull.approvers.join(', ')}`);
  stage.see(
    `${spec.unit} at ${spec.revision.slice(0, 7)}: ${status?.phase}, plan ${status?.plan?.digest ?? 'none'}`,
  );
}

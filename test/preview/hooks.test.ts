import { describe, expect, it } from 'vitest';
import { previewed } from './sample.ts';

const job = (image: string, when = 'before') =>
  `apiVersion: batch/v1\nkind: Job\nmetadata: { name: migrate, namespace: shop, annotations: { holdfast.dev/hook: ${when} } }\nspec: { template: { spec: { restartPolicy: Never, containers: [{ name: m, image: '${image}' }] } } }\n`;
const unit = (text: string) => ({ 'manifests/shop/all.yaml': text });

describe('a hook', () => {
  it('that the pull request changes is told, and when it runs', async () => {
    const { resources, units } = await previewed(unit(job('m:1')), unit(job('m:2')));
    expect(resources).toMatchObject([
      {
        action: 'change',
        highlights: ['m: 1 → 2'],
        fields: [{ base: 'm:1', head: 'm:2' }],
        notes: ['a hook: it runs with each sync, before the workloads'],
      },
    ]);
    expect(units[0]?.notes).toEqual([
      'Job shop/migrate: a hook: it runs with each sync, before the workloads',
    ]);
  });

  it('that is new runs from now on, and one that is gone no more', async () => {
    const other = `${job('m:1')}---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: shop }\n`;
    const one = other.split('---\n')[1] ?? '';
    const [added, gone] = [await previewed(unit(one), unit(other)), await previewed(unit(other), unit(one))];
    expect(added.resources).toMatchObject([{ action: 'create', resource: { name: 'migrate' } }]);
    expect(gone.resources).toMatchObject([{ action: 'none', notes: ['it runs with syncs no more'] }]);
  });
});

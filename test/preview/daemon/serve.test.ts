import { describe, expect, it } from 'vitest';
import type { Driver } from '../../../src/drivers/driver.ts';
import type { DriverName } from '../../../src/findings/finding.ts';
import type { LendingRepository } from '../../../src/git/repository.ts';
import { PreviewService } from '../../../src/preview/daemon/serve.ts';
import { comparison } from '../../report/sample.ts';
import { baseRevision, comparedAt, headRevision, revision } from '../sample.ts';

const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const stack = (settings: string, bucket: string) => ({
  'holdfast.yaml': `units: [{ name: net, driver: cloudformation, path: infra-state/net, cloudformation: { ${settings} } }]\n`,
  'infra-state/net/template.yaml': `Resources: { ${bucket}: { Type: AWS::S3::Bucket } }\n`,
});

/** A daemon whose branch holds the base, and one driver that writes down what it is asked. */
function daemon(
  base: Record<string, string>,
  head: Record<string, string>,
  options: { onBranch?: boolean; driver?: DriverName; gone?: boolean } = {},
) {
  const { onBranch = true, driver: name = 'cloudformation', gone = false } = options;
  const asked: string[] = [];
  const lent: string[] = [];
  const files = { [baseRevision]: base, [headRevision]: head };
  const tree = async (sha: string) => revision(sha, files[sha] ?? {});
  const repository = {
    fetch: async () => 'c'.repeat(40),
    has: async () => true,
    isAncestor: async () => onBranch,
    tree,
    treeObject: async (_id: string, sha: string) => tree(sha),
    mergedTree: async () => 'd'.repeat(40),
    mergeBase: async () => baseRevision,
    conflicts: async () => [],
    withCommit: async (sha: string, _refs: readonly string[], use: () => Promise<unknown>) => {
      if (gone) return undefined;
      lent.push(sha);
      try {
        return await use();
      } finally {
        lent.pop();
      }
    },
  } as unknown as LendingRepository;
  const driver = {
    name,
    compare: async () => {
      asked.push('compare');
      expect(lent).toEqual([headRevision]);
      return comparison([], { unit: 'net', driver: name });
    },
    plan: async () => {
      asked.push('plan');
      throw new Error('nothing is planned for a head that nobody approved');
    },
  } as unknown as Driver;
  const service = new PreviewService({
    repository,
    drivers: new Map([[name, driver]]),
    now: () => new Date(comparedAt),
  });
  return { asked, lent, make: () => service.make({ base: baseRevision, head: headRevision }) };
}

describe('a preview by the daemon', () => {
  it('is made only for a base of its own branch, and fetches nothing for another', async () => {
    const { make, asked } = daemon({}, {}, { onBranch: false });

    await expect(make()).rejects.toMatchObject({ code: 'HF2208' });
    expect(asked).toEqual([]);
  });

  it('compares a stack with the rights that the base names, and makes no change set', async () => {
    const reading = `role: ${role('reads')}`;
    const { make, asked } = daemon(stack(reading, 'A'), stack(reading, 'B'));

    expect((await make()).units).toMatchObject([{ untold: true, problems: [] }]);
    expect(asked).toEqual(['compare']);
  });

  it.each([
    ['another role', `role: ${role('admin')}`],
    ['another role to apply', `role: ${role('reads')}, applyRole: ${role('admin')}`],
    ['another stack', `role: ${role('reads')}, stack: payments`],
  ])('asks nothing with %s of the head', async (_what, settings) => {
    const { make, asked } = daemon(stack(`role: ${role('reads')}`, 'A'), stack(settings, 'A'));

    const { units } = await make();

    expect(asked).toEqual([]);
    expect(units).toMatchObject([
      { notes: expect.arrayContaining([expect.stringContaining('after the merge')]) },
    ]);
  });

  it('has the head for as long as it looks at it, and says when the remote has it no more', async () => {
    const reading = `role: ${role('reads')}`;
    const { make, lent } = daemon(stack(reading, 'A'), stack(reading, 'B'));
    await make();
    expect(lent).toEqual([]);

    await expect(daemon({}, {}, { gone: true }).make()).rejects.toMatchObject({ code: 'HF1206' });
  });

  it('says what is wrong with a head whose holdfast.yaml cannot be read, and asks nothing', async () => {
    const { make, asked } = daemon({}, { 'holdfast.yaml': 'units: 3\n' });

    const found = await make();

    expect(found).toMatchObject({ unreadable: 'head', failures: [{ code: 'HF1104' }] });
    expect(asked).toEqual([]);
  });

  it('runs no Terraform of the head', async () => {
    const terraform = (text: string) => ({
      'holdfast.yaml': 'units: [{ name: net, driver: terraform, path: infra-state/net }]\n',
      'infra-state/net/main.tf': text,
    });
    const { make, asked } = daemon(terraform('# a\n'), terraform('# b\n'), { driver: 'terraform' });

    expect((await make()).units).toMatchObject([{ untold: true }]);
    expect(asked).toEqual([]);
  });
});

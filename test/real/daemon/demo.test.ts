import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runCommand } from '../../../sandbox/processes/run.ts';

it('the demo tells its stories to a good end', { timeout: 180_000 }, async () => {
  const main = fileURLToPath(new URL('../../../sandbox/main.ts', import.meta.url));
  const result = await runCommand(process.execPath, [main, 'demo'], { timeoutMs: 170_000 });
  expect(result, result.stdout).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('All as it should be'),
  });
  expect(result.stdout).not.toContain('✗');
});

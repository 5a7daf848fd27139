import { expect, it } from 'vitest';
import { inWords, tellStep } from '../../../sandbox/tools/progress.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it.each([
  [0.4, '0 s'],
  [8, '8 s'],
  [59.6, '1 min'],
  [60, '1 min'],
  [190, '3 min 10 s'],
])('%d seconds are %s', (seconds, words) => {
  expect(inWords(seconds)).toBe(words);
});

it('the first time a step tells what it typically takes, then what it took last time', async () => {
  const cache = temporaryFolder();
  const lines: string[] = [];
  const step = { what: 'building helm', number: 2, of: 5, typicalSeconds: 75 };
  const tell = () => tellStep(step, { cache, progress: line => lines.push(line) }, async () => 'built');

  const results = [await tell(), await tell()];

  expect(results).toEqual(['built', 'built']);
  expect(lines).toEqual([
    'step 2 of 5: building helm (typically 1 min 15 s)',
    '  done in 0 s',
    'step 2 of 5: building helm (last time 0 s)',
    '  done in 0 s',
  ]);
});

it('a step that fails leaves no time behind', async () => {
  const cache = temporaryFolder();
  const lines: string[] = [];
  const step = { what: 'building helm', number: 1, of: 1, typicalSeconds: 75 };
  const tell = (work: () => Promise<void>) =>
    tellStep(step, { cache, progress: line => lines.push(line) }, work);

  await expect(tell(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  await tell(async () => undefined);

  expect(lines.filter(line => line.includes('last time'))).toEqual([]);
});

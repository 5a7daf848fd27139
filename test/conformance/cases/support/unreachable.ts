import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { Comparison } from '../../../../src/findings/finding.ts';
import { openDriver, shopUnit } from '../../../real/drivers/kubernetes/support/shop.ts';

/** What is told of manifests while no API server answers. */
export async function unreachable(manifests: string): Promise<Comparison> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-unreachable-'));
  try {
    const config = await readFile(inject('kubeconfig'), 'utf8');
    const file = join(folder, 'kubeconfig');
    await writeFile(file, config.replaceAll(inject('server'), 'https://127.0.0.1:1'));
    const { driver, close } = await openDriver(file);
    const { unit, declaration } = await shopUnit(manifests);
    try {
      return await driver.compare(unit, declaration);
    } finally {
      close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

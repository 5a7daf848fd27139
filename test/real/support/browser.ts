import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';
import { runCommand } from '../../../sandbox/processes/run.ts';

/** A real Chromium, which comes with the dependencies. Close it after the tests. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = await chromium.executablePath();
  return playwright.launch({
    executablePath,
    args: [
      ...chromium.args.filter(argument => !argument.startsWith('--single-process')),
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    env: { ...process.env, ...(await librariesFor(executablePath)) },
    headless: true,
  });
}

/** Where the libraries are that Chromium needs and a bare machine lacks: the package has them, and unpacks them in a Lambda only. */
async function librariesFor(program: string): Promise<Record<string, string>> {
  const { stdout } = await runCommand('ldd', [program]);
  if (!stdout.includes('not found')) return {};
  const folder = join(tmpdir(), 'holdfast-chromium-libraries');
  if (!existsSync(folder)) {
    const archive = fileURLToPath(
      new URL('../bin/al2023.tar.br', import.meta.resolve('@sparticuz/chromium')),
    );
    const made = mkdtempSync(`${folder}-`);
    const tar = join(made, 'all.tar');
    writeFileSync(tar, brotliDecompressSync(readFileSync(archive)));
    const { code, stderr } = await runCommand('tar', ['-xf', tar, '-C', made]);
    if (code !== 0) throw new Error(`the libraries of Chromium cannot be unpacked: ${stderr}`);
    rmSync(tar);
    if (existsSync(folder)) rmSync(made, { recursive: true });
    else renameSync(made, folder);
  }
  return { LD_LIBRARY_PATH: join(folder, 'lib'), FONTCONFIG_PATH: join(tmpdir(), 'fonts') };
}

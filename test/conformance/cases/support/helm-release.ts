import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { runCommand } from '../../../../sandbox/processes/run.ts';

/** A chart of one template, brought onto the cluster by helm itself. Returns what helm rendered. */
export async function helmInstall(namespace: string, release: string, template: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-chart-'));
  try {
    await mkdir(join(folder, 'templates'));
    await writeFile(join(folder, 'Chart.yaml'), `apiVersion: v2\nname: ${release}\nversion: 1.0.0\n`);
    await writeFile(join(folder, 'templates', 'all.yaml'), template);
    await helm(folder, 'install', release, folder, '--namespace', namespace);
    return await helm(folder, 'get', 'manifest', release, '--namespace', namespace);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function helm(home: string, ...args: string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: home, KUBECONFIG: inject('kubeconfig') };
  const { code, stdout, stderr } = await runCommand(inject('helm'), args, { env });
  if (code !== 0) throw new Error(`helm ${args.join(' ')} ended with ${code}: ${stderr}`);
  return stdout;
}

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readFile } from '../../../../src/declared/objects/file.ts';
import type { JsonObject } from '../../../../src/json/json.ts';

/** Files on disk for one test, by path. */
export function onDisk(files: Readonly<Record<string, string>>): { root: string; remove(): void } {
  const root = mkdtempSync(join(tmpdir(), 'holdfast-kustomize-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** What kubectl itself makes of a kustomization where it stands, without a network; undefined when it fails. */
export function byKubectl(
  kubectl: string,
  folder: string,
  args: readonly string[] = [],
): Promise<JsonObject[] | undefined> {
  const nowhere = 'http://127.0.0.1:1';
  const env = { PATH: '/nonexistent', HOME: '/nonexistent', HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere };
  const options = { cwd: folder, env, maxBuffer: 512 * 1024 * 1024, encoding: 'buffer' as const };
  return new Promise(resolve => {
    execFile(kubectl, ['kustomize', '.', ...args], options, (error, stdout) =>
      resolve(error === null ? objectsIn(stdout) : undefined),
    );
  });
}

/** kustomize prints documents of which each is one object; more than a file may hold are read in parts. */
function objectsIn(output: Buffer): JsonObject[] {
  return output
    .toString('utf8')
    .split(/^---\n/m)
    .flatMap(text => readFile(Buffer.from(text), 'output.yaml').objects.map(({ object }) => object));
}

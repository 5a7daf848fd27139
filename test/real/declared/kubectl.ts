import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../../src/json/json.ts';

/** What kubectl makes of some files: the objects up to the first of each file that it cannot read, and its complaints. */
export interface KubectlSays {
  objects: JsonObject[];
  complaints: string;
}

/**
 * Lets kubectl read many files at once, without a server: `kubectl label --local`. Each object is found again by the
 * annotation-free `metadata.name`, so the names must differ between files: `nameOf` tells the file of an object's name.
 */
export async function readByKubectl(
  kubectl: string,
  files: ReadonlyMap<string, string | Buffer>,
): Promise<Map<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-kubectl-'));
  try {
    for (const [name, content] of files) writeFileSync(join(folder, name), content);
    const { stdout } = await run(kubectl, [...label, '-f', folder]);
    return new Map(
      documents(stdout).map(document => [nameOf(document), JSON.stringify(unlabelled(document))]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lets kubectl read files where they are; one that it cannot read does not stop the others. */
export async function readFilesByKubectl(kubectl: string, paths: readonly string[]): Promise<KubectlSays> {
  const { stdout, stderr } = await run(kubectl, [...label, ...paths.flatMap(path => ['-f', path])]);
  return { objects: documents(stdout).map(unlabelled), complaints: stderr };
}

const label = ['label', '--local', '--overwrite', '-o', 'json', 'holdfast-oracle=x'];

function run(kubectl: string, args: string[]): Promise<{ stdout: string; stderr: string }> {
  return new Promise(resolve => {
    const env = { PATH: process.env['PATH'], HOME: '/nonexistent', KUBECONFIG: '/dev/null' };
    execFile(kubectl, args, { maxBuffer: 512 * 1024 * 1024, env }, (_, stdout, stderr) =>
      resolve({ stdout, stderr }),
    );
  });
}

/** kubectl prints one indented object after the other. */
function documents(output: string): JsonObject[] {
  return output
    .split(/^(?=\{$)/m)
    .filter(text => text.trim() !== '')
    .map(text => JSON.parse(text) as JsonObject);
}

function nameOf(object: JsonObject): string {
  const { metadata } = object;
  return typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)
    ? String(metadata['name'])
    : '';
}

/** Takes out what the command put in. */
export function unlabelled(object: JsonObject): JsonObject {
  const { metadata } = object;
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return object;
  const { labels, ...rest } = metadata;
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) return object;
  const { 'holdfast-oracle': _, ...others } = labels;
  return { ...object, metadata: Object.keys(others).length === 0 ? rest : { ...rest, labels: others } };
}

import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A program that stands in for kustomize: a shell script, and what it was called with. */
export interface FakeKustomize {
  /** For the environment of whoever looks for kustomize. */
  readonly environment: { HOLDFAST_KUSTOMIZE: string };
  /** How often it ran. */
  readonly runs: number;
  remove(): void;
}

/** `script` runs in the kustomization's folder with kustomize's arguments; each run is counted before. */
export function fakeKustomize(script: string): FakeKustomize {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-fake-kustomize-'));
  const [program, log] = [join(folder, 'kustomize'), join(folder, 'runs')];
  writeFileSync(log, '');
  writeFileSync(program, `#!/bin/sh\nPATH=/usr/bin:/bin\necho run >> '${log}'\n${script}\n`);
  chmodSync(program, 0o700);
  return {
    environment: { HOLDFAST_KUSTOMIZE: program },
    get runs() {
      return readFileSync(log, 'utf8').split('\n').length - 1;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

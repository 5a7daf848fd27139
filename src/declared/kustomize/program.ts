import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename, delimiter, isAbsolute, join } from 'node:path';
import { Failure } from '../../failure/failure.ts';

/** A program that renders kustomizations, and how it is told to. */
export interface KustomizeProgram {
  path: string;
  /** What comes before the folder: `build`, or `kustomize` for kubectl. */
  args: readonly string[];
}

/**
 * The program that HOLDFAST_KUSTOMIZE names (kustomize or kubectl), else kustomize on PATH, else kubectl on PATH, which has
 * kustomize inside. Throws HF1005 when there is none.
 */
export async function findKustomize(environment: NodeJS.ProcessEnv = process.env): Promise<KustomizeProgram> {
  const named = environment['HOLDFAST_KUSTOMIZE'];
  if (named !== undefined && named !== '') {
    const where = { subject: named };
    if (!isAbsolute(named))
      throw new Failure('HF1005', 'HOLDFAST_KUSTOMIZE is not an absolute path', { where });
    if (!(await canRun(named)))
      throw new Failure('HF1005', 'HOLDFAST_KUSTOMIZE names no program that can be run', { where });
    return programAt(named);
  }
  for (const name of ['kustomize', 'kubectl']) {
    for (const folder of (environment['PATH'] ?? '').split(delimiter)) {
      if (isAbsolute(folder) && (await canRun(join(folder, name)))) return programAt(join(folder, name));
    }
  }
  throw new Failure(
    'HF1005',
    'neither kustomize nor kubectl is on PATH, and kustomizations need one of them',
  );
}

function programAt(path: string): KustomizeProgram {
  return { path, args: [basename(path).startsWith('kubectl') ? 'kustomize' : 'build'] };
}

async function canRun(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

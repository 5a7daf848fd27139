import { basename } from 'node:path';
import { Failure } from '../../failure/failure.ts';
import { findProgram } from '../../programs/find-program.ts';

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
  const path = await findProgram('HOLDFAST_KUSTOMIZE', ['kustomize', 'kubectl'], environment);
  if (path === undefined)
    throw new Failure(
      'HF1005',
      'neither kustomize nor kubectl is on PATH, and kustomizations need one of them',
    );
  return { path, args: [basename(path).startsWith('kubectl') ? 'kustomize' : 'build'] };
}

import { Failure } from '../../failure/failure.ts';
import { runChild } from '../../programs/child.ts';
import { findProgram } from '../../programs/find-program.ts';

/** The helm that renders and installs. */
export interface HelmProgram {
  path: string;
  /** As it prints it: `v3.19.4`. */
  version: string;
  major: 3 | 4;
}

const known = new Map<string, Promise<HelmProgram>>();

/** The helm that HOLDFAST_HELM names, else helm on PATH; Helm 3 or 4. Throws HF1005 when there is none, or another. */
export async function findHelm(environment: NodeJS.ProcessEnv = process.env): Promise<HelmProgram> {
  const path = await findProgram('HOLDFAST_HELM', ['helm'], environment);
  if (path === undefined)
    throw new Failure('HF1005', 'helm is not on PATH, and charts need it (Helm 3 or 4)');
  const asked = known.get(path) ?? ask(path);
  known.set(path, asked);
  asked.catch(() => known.delete(path));
  return asked;
}

async function ask(path: string): Promise<HelmProgram> {
  const limits = { timeMs: 20_000, outputBytes: 10_000, memoryBytes: 2 * 1024 ** 3 };
  const environment = { PATH: '/nonexistent', HOME: '/nonexistent', HELM_PLUGINS: '/nonexistent' };
  const end = await runChild(path, ['version', '--short'], { folder: '/', environment }, limits);
  const version = /^v(\d+)\.\d+[^\s+]*/m.exec(end.stdout.toString('utf8'));
  const major = Number(version?.[1]);
  if (version !== null && (major === 3 || major === 4)) return { path, version: version[0], major };
  throw new Failure('HF1005', 'it does not say that it is Helm 3 or 4', { where: { subject: path } });
}

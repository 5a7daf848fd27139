import { setTimeout as sleep } from 'node:timers/promises';
import { type ControlPlane, startControlPlane } from './control-plane/start.ts';
import { type Gitea, startGitea } from './gitea/start.ts';
import { isAlive } from './processes/identity.ts';
import { findWorkplaces, removeStaleWorkplaces } from './processes/stale.ts';
import { openWorkplace, workplacesFolder } from './processes/workplace.ts';
import { provideTools } from './tools/provide.ts';

/** All that the sandbox has, running. */
export interface Sandbox {
  controlPlane: ControlPlane;
  gitea: Gitea;
  /** Path of helm. */
  helm: string;
  stop(): Promise<void>;
}

const UP = 'up';

/** As `startServers`, and `stopSandboxes` in another process can end it. */
export async function startSandbox(): Promise<Sandbox> {
  const mark = openWorkplace(UP);
  try {
    const servers = await startServers();
    const stop = async () => {
      await servers.stop();
      await mark.close();
    };
    return { ...servers, stop };
  } catch (error) {
    await mark.close();
    throw error;
  }
}

/** Gets the tools, then starts the control plane and Gitea at the same time. On any error nothing is left running. */
export async function startServers(): Promise<Sandbox> {
  // First every tool, so that a missing one is made while nothing runs.
  const { helm } = await provideTools(['helm', 'gitea', 'kwok', 'kube-apiserver']);
  const [controlPlane, gitea] = await Promise.allSettled([startControlPlane(), startGitea()]);
  if (controlPlane.status === 'fulfilled' && gitea.status === 'fulfilled') {
    const stop = async () => void (await Promise.all([controlPlane.value.stop(), gitea.value.stop()]));
    return { controlPlane: controlPlane.value, gitea: gitea.value, helm, stop };
  }
  for (const part of [controlPlane, gitea]) if (part.status === 'fulfilled') await part.value.stop();
  throw controlPlane.status === 'rejected' ? controlPlane.reason : (gitea as PromiseRejectedResult).reason;
}

/**
 * Ends every sandbox of this user that `startSandbox` started, in whatever process, and removes what dead ones left.
 * Test runs, which start their own servers, are left alone. Returns how many were asked to end and what was removed.
 */
export async function stopSandboxes(graceMs = 20_000): Promise<{ stopped: number; removed: string[] }> {
  const folder = workplacesFolder();
  const owners = findWorkplaces(folder).flatMap(({ owner }) =>
    owner?.label === UP && isAlive(owner) ? [owner] : [],
  );
  for (const owner of owners) process.kill(owner.pid, 'SIGTERM');
  const end = performance.now() + graceMs;
  while (owners.some(isAlive) && performance.now() < end) await sleep(50);
  for (const owner of owners) if (isAlive(owner)) process.kill(owner.pid, 'SIGKILL');
  await sleep(owners.some(isAlive) ? 200 : 0);
  return { stopped: owners.length, removed: removeStaleWorkplaces(folder) };
}

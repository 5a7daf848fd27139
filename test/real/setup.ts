import type { TestProject } from 'vitest/node';
import { type ControlPlane, startControlPlane } from '../../sandbox/control-plane/start.ts';
import { type Gitea, startGitea } from '../../sandbox/gitea/start.ts';
import { provideTools } from '../../sandbox/tools/provide.ts';

/** What every real test may inject. All tests share these servers: each works in namespaces and repositories of its own. */
declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the administrator's kubeconfig. */
    kubeconfig: string;
    /** `https://127.0.0.1:PORT` of the API server. */
    server: string;
    /** The administrator's token for it. */
    token: string;
    /** The API server's certificate, PEM. */
    certificate: string;
    giteaUrl: string;
    /** Token of Gitea's administrator. */
    giteaToken: string;
    /** Path of a kubectl that fits the server. */
    kubectl: string;
    /** Path of helm 3. */
    helm: string;
  }
}

interface Shared {
  controlPlane: ControlPlane;
  gitea: Gitea;
  helm: string;
}

/** One start for all projects of a run: vitest calls `setup` once per project, and `teardown` as often. */
let shared: Promise<Shared> | undefined;
let users = 0;

export async function setup(project: TestProject): Promise<void> {
  users += 1;
  shared ??= startAll();
  const { controlPlane, gitea, helm } = await shared;
  project.provide('kubeconfig', controlPlane.kubeconfig);
  project.provide('server', controlPlane.server);
  project.provide('token', controlPlane.token);
  project.provide('certificate', controlPlane.certificate.toString('utf8'));
  project.provide('kubectl', controlPlane.kubectl);
  project.provide('giteaUrl', gitea.url);
  project.provide('giteaToken', gitea.adminToken);
  project.provide('helm', helm);
}

export async function teardown(): Promise<void> {
  users -= 1;
  if (users > 0 || shared === undefined) return;
  const { controlPlane, gitea } = await shared;
  shared = undefined;
  await Promise.all([controlPlane.stop(), gitea.stop()]);
}

async function startAll(): Promise<Shared> {
  // First every tool, so that a missing one is made while nothing runs; then both servers at the same time.
  const { helm } = await provideTools(['helm', 'gitea', 'kube-apiserver']);
  const [controlPlane, gitea] = await Promise.allSettled([startControlPlane(), startGitea()]);
  if (controlPlane.status === 'fulfilled' && gitea.status === 'fulfilled') {
    return { controlPlane: controlPlane.value, gitea: gitea.value, helm };
  }
  for (const part of [controlPlane, gitea]) if (part.status === 'fulfilled') await part.value.stop();
  throw controlPlane.status === 'rejected' ? controlPlane.reason : (gitea as PromiseRejectedResult).reason;
}

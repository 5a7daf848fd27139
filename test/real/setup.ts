import type { TestProject } from 'vitest/node';
import { type Sandbox, startServers } from '../../sandbox/up.ts';

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

/** One start for all projects of a run: vitest calls `setup` once per project, and `teardown` as often. */
let shared: Promise<Sandbox> | undefined;
let users = 0;

export async function setup(project: TestProject): Promise<void> {
  users += 1;
  shared ??= startServers();
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
  const { stop } = await shared;
  shared = undefined;
  await stop();
}

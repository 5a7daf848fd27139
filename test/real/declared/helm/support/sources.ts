import { readFile } from 'node:fs/promises';
import { runCommand } from '../../../../../sandbox/processes/run.ts';
import { FakeChartRepository } from '../../../../fakes/registry/chart-repository.ts';
import { FakeRegistry } from '../../../../fakes/registry/registry.ts';

export const person = { user: 'ann', password: 'hush-hush-9' };

/** Where charts come from: one thing to test, however it is spoken to. */
export interface ChartSource {
  /** As it stands in holdfast.yaml. */
  reference: { repository: string; plainHttp?: boolean };
  /** Requests that were answered, since the beginning. */
  readonly requests: readonly string[];
  /** Publishes a package under a version, as people do; what was there under it goes. */
  publish(file: string, version: string): Promise<void>;
  trouble(status: number): void;
  /** The variable and the file of credentials for it, as helm itself writes them. */
  credentials(password: string): { variable: string; content: string };
  close(): Promise<void>;
}

export type Opener = (helm: string, home: string, access?: 'basic' | 'bearer') => Promise<ChartSource>;

/** Pushed to and pulled from by the real helm. */
export const openRegistry: Opener = async (helm, home, access) => {
  const registry = await FakeRegistry.start(access === undefined ? undefined : { ...person, scheme: access });
  const repository = `oci://${registry.address}/team/charts`;
  return {
    reference: { repository, plainHttp: true },
    requests: registry.requests,
    async publish(file, version) {
      // what `helm push` does is known from the test that has no credentials
      if (access !== undefined) {
        registry.put('team/charts/web', version, await readFile(file));
        return;
      }
      const env = { PATH: process.env['PATH'], HOME: home };
      const { code, stderr } = await runCommand(helm, ['push', file, repository, '--plain-http'], { env });
      if (code !== 0) throw new Error(`helm push ended with ${code}: ${stderr}`);
    },
    trouble: status => {
      registry.trouble = { status, body: 'an inner secret' };
    },
    credentials: password => ({
      variable: 'HOLDFAST_HELM_REGISTRY_CONFIG',
      content: JSON.stringify({
        auths: { [registry.address]: { auth: Buffer.from(`${person.user}:${password}`).toString('base64') } },
      }),
    }),
    close: () => registry.close(),
  };
};

export const openRepository: Opener = async (_helm, _home, access) => {
  const repository = await FakeChartRepository.start(access === undefined ? undefined : person);
  return {
    reference: { repository: repository.url },
    requests: repository.requests,
    publish: async (file, version) => repository.put('web', version, await readFile(file)),
    trouble: status => {
      repository.trouble = { status, body: 'an inner secret' };
    },
    credentials: password => ({
      variable: 'HOLDFAST_HELM_REPOSITORY_CONFIG',
      content: `apiVersion: ""\nrepositories:\n- name: own\n  url: ${repository.url}/\n  username: ${person.user}\n  password: ${password}\n`,
    }),
    close: () => repository.close(),
  };
};

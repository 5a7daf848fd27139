import { Failure } from '../../failure/failure.ts';
import type { ForgeKind } from '../../forge/forge.ts';
import type { AppKey } from '../../forge/github/app.ts';
import { optional } from './optional.ts';
import type { Environment } from './variables.ts';

export interface ForgeConfiguration {
  kind: ForgeKind;
  url: string;
  repository: string;
  /** Empty where an App asks. */
  token: string;
  app?: AppKey;
  /** The number that the forge gives the repository, where it is pinned. */
  repositoryId?: string;
  /** For branches and pull requests; the other one where it is absent. */
  writeToken?: string;
}

/** The forge of an environment; absent where it names none. Throws HF1001 on a part that is missing, HF1503 without a trust root. */
export function forgeOf(env: Environment): (ForgeConfiguration & { trustRoot: string }) | undefined {
  if (env.HOLDFAST_FORGE === 'none') return undefined;
  const app = appOf(env);
  const url = env.HOLDFAST_FORGE_URL ?? usualUrls[env.HOLDFAST_FORGE];
  const { HOLDFAST_FORGE_REPOSITORY: repository, HOLDFAST_FORGE_TOKEN: token = app && '' } = env;
  const missing = [
    ...(repository === undefined ? ['HOLDFAST_FORGE_REPOSITORY'] : []),
    ...(token === undefined ? ['HOLDFAST_FORGE_TOKEN'] : []),
    ...(url === undefined ? ['HOLDFAST_FORGE_URL'] : []),
  ];
  if (url === undefined || repository === undefined || token === undefined) {
    throw new Failure(
      'HF1001',
      `HOLDFAST_FORGE is ${env.HOLDFAST_FORGE}, but ${missing.join(' and ')} is not set`,
    );
  }
  if (env.HOLDFAST_TRUST_ROOT === undefined) throw new Failure('HF1503', 'HOLDFAST_TRUST_ROOT is not set');
  return {
    ...{ kind: env.HOLDFAST_FORGE, url, repository, token, trustRoot: env.HOLDFAST_TRUST_ROOT },
    ...optional('app', app),
    ...optional('writeToken', env.HOLDFAST_FORGE_WRITE_TOKEN),
    ...optional('repositoryId', env.HOLDFAST_FORGE_REPOSITORY_ID),
  };
}

const usualUrls = { github: 'https://github.com', gitlab: 'https://gitlab.com', gitea: undefined };

/** The GitHub App, if one is set; a part of it alone is a mistake. */
function appOf(env: Environment): AppKey | undefined {
  const { HOLDFAST_FORGE_APP_ID: id, HOLDFAST_FORGE_APP_KEY: privateKey } = env;
  const { HOLDFAST_FORGE_APP_INSTALLATION: installation } = env;
  if (id === undefined && privateKey === undefined && installation === undefined) return undefined;
  if (env.HOLDFAST_FORGE !== 'github') {
    throw new Failure('HF1001', 'HOLDFAST_FORGE_APP_… is set, but only GitHub has Apps');
  }
  if (id === undefined || privateKey === undefined || installation === undefined) {
    throw new Failure(
      'HF1001',
      'a GitHub App needs HOLDFAST_FORGE_APP_ID, HOLDFAST_FORGE_APP_KEY and HOLDFAST_FORGE_APP_INSTALLATION',
    );
  }
  return { id, privateKey, installation };
}

import { z } from 'zod';
import { Failure } from '../../failure/failure.ts';

/** Which pull request of which forge. */
export interface PullPlace {
  forge: 'github' | 'gitea' | 'gitlab';
  /** The address that people open. */
  url: string;
  /** owner/name; on GitLab the whole path of the project. */
  repository: string;
  pull: number;
  /** The full SHA of the head. */
  head: string;
  token: string;
}

const placeSchema = z.object({
  forge: z.enum(['github', 'gitea', 'gitlab'], 'must be github, gitea or gitlab'),
  url: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }),
  repository: z.string().regex(/^[\w.-]+(\/[\w.-]+)+$/, 'must be owner/name'),
  pull: z.coerce.number('must be a number').int().positive(),
  head: z.string().regex(/^[0-9a-f]{40}$/, 'must be a full commit SHA'),
  token: z.string({ error: 'is not given: set HOLDFAST_COMMENT_TOKEN' }).min(1),
});

/** Where CI says that it runs, for what is not given by an option: GitHub Actions and Gitea Actions, or GitLab CI. */
export function placeFrom(
  given: Partial<Record<keyof PullPlace, string | undefined>>,
  env: Readonly<Record<string, string | undefined>>,
): PullPlace {
  const gitlab = env['GITLAB_CI'] === 'true';
  const found = {
    forge: given.forge ?? (gitlab ? 'gitlab' : env['GITEA_ACTIONS'] === 'true' ? 'gitea' : 'github'),
    url: given.url ?? env['CI_SERVER_URL'] ?? env['GITHUB_SERVER_URL'],
    repository: given.repository ?? env['CI_PROJECT_PATH'] ?? env['GITHUB_REPOSITORY'],
    pull:
      given.pull ?? env['CI_MERGE_REQUEST_IID'] ?? /^refs\/pull\/(\d+)\//.exec(env['GITHUB_REF'] ?? '')?.[1],
    head: given.head ?? env['CI_MERGE_REQUEST_SOURCE_BRANCH_SHA'] ?? env['CI_COMMIT_SHA'],
    token: env['HOLDFAST_COMMENT_TOKEN'] ?? env['GITHUB_TOKEN'],
  };
  const read = placeSchema.safeParse(found);
  if (read.success) return read.data;
  const wrong = read.error.issues.map(({ path, message }) => {
    const name = String(path[0]);
    const known = found[name as keyof typeof found] !== undefined || name === 'token';
    return `${name} ${known ? message : `is not known here: give it as --${name}`}`;
  });
  throw new Failure('HF1001', wrong.join('; '));
}

/** What a forge answered, checked; HF1405 where it is something else. */
export function parsed<T>(schema: z.ZodType<T>, text: string, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Failure('HF1405', `the forge’s ${what} are no JSON`, { cause: error });
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new Failure('HF1405', `the forge’s ${what} are not what its API promises`);
}

import { shortDescription, statusName } from '../announcements.ts';
import type { Announcement } from '../forge.ts';
import { parseBody } from '../http/body.ts';
import type { WritingRequester } from '../http/requester.ts';
import { created } from './schema.ts';

const deploymentTask = 'holdfast-sync';
const remembered = 100;

/**
 * Shows a sync on the merged commit: a check run where an App asks (only Apps may make them), else a commit status; and a
 * deployment to the environment with its status. One that fails does not keep the other from being shown.
 */
export function announcer(requester: WritingRequester, repository: string, asApp: boolean) {
  const known = new Map<string, number>();

  async function post(path: string, body: unknown): Promise<number> {
    const { text } = await requester.send('POST', path, body);
    return parseBody(created, text, `POST ${path}`, requester.clean).id;
  }

  /** The id of what was made for this commit before, by this process; made where there is none. */
  async function idOf(key: string, make: () => Promise<number>): Promise<number> {
    const id = known.get(key) ?? (await make());
    known.set(key, id);
    for (const oldest of known.keys()) {
      if (known.size <= remembered) break;
      known.delete(oldest);
    }
    return id;
  }

  async function status(announcement: Announcement): Promise<void> {
    const { commit, state, description } = announcement;
    const body = { state, context: statusName(announcement), description: shortDescription(description) };
    await post(`${repository}/statuses/${commit}`, body);
  }

  async function checkRun(announcement: Announcement): Promise<void> {
    const { commit, state, description } = announcement;
    const name = statusName(announcement);
    const title = shortDescription(description);
    const output = { title, summary: title };
    const now = state === 'pending' ? { status: 'in_progress' } : { status: 'completed', conclusion: state };
    const key = `check ${commit} ${name}`;
    const fresh = !known.has(key);
    const id = await idOf(key, () =>
      post(`${repository}/check-runs`, { name, head_sha: commit, output, ...now }),
    );
    if (!fresh) await requester.send('PATCH', `${repository}/check-runs/${id}`, { output, ...now });
  }

  async function deployment(announcement: Announcement): Promise<void> {
    const { commit, state, description, environment = 'default' } = announcement;
    const id = await idOf(`deployment ${commit} ${environment}`, () => deploymentOf(commit, environment));
    await post(`${repository}/deployments/${id}/statuses`, {
      state: state === 'pending' ? 'in_progress' : state,
      description: shortDescription(description),
      environment,
    });
  }

  async function deploymentOf(commit: string, environment: string): Promise<number> {
    const query = new URLSearchParams({ sha: commit, environment, task: deploymentTask });
    const path = `${repository}/deployments?${query}`;
    const { text } = await requester.get(path);
    const [first] = parseBody(created.array(), text, `GET ${path}`, requester.clean);
    if (first !== undefined) return first.id;
    return post(`${repository}/deployments`, {
      ref: commit,
      environment,
      task: deploymentTask,
      description: 'Holdfast syncs what was merged',
      // it is merged and judged: nothing is to be merged into it, and no check is waited for
      auto_merge: false,
      required_contexts: [],
    });
  }

  return async (announcement: Announcement): Promise<void> => {
    const shown = await Promise.allSettled([
      asApp ? checkRun(announcement) : status(announcement),
      deployment(announcement),
    ]);
    for (const one of shown) if (one.status === 'rejected') throw one.reason;
  };
}

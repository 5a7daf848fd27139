import { z } from 'zod';
import type { Objects } from './objects.ts';
import type { Reply, Route } from './routes.ts';
import type { DeploymentState, RepositoryState, Universe } from './state.ts';

const mostDescription = 140;
const statusBody = z.object({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  context: z.string().default('default'),
  description: z.string().nullish(),
});
const runBody = z.object({
  name: z.string(),
  head_sha: z.string(),
  status: z.enum(['queued', 'in_progress', 'completed']).default('queued'),
  conclusion: z.string().nullish(),
  output: z.object({ title: z.string(), summary: z.string() }).optional(),
});
const deploymentBody = z.object({
  ref: z.string(),
  task: z.string().default('deploy'),
  environment: z.string().default('production'),
  description: z.string().nullish(),
  auto_merge: z.boolean().default(true),
  required_contexts: z.array(z.string()).optional(),
});
const deploymentStatusBody = z.object({ state: z.string(), description: z.string().default('') });

/** What an installation shows on a commit: statuses, check runs (of Apps alone), deployments and their statuses. */
export function showRoutes(universe: Universe, objects: Objects): Route[] {
  const born = '2025-01-01T00:00:00Z';
  const creator = (place: RepositoryState) => objects.user(place.owner);

  function deployment(state: DeploymentState, place: RepositoryState) {
    const url = `${objects.repository(place)['url']}/deployments/${state.id}`;
    return {
      ...{ id: state.id, node_id: `DE_${state.id}`, sha: state.sha, ref: state.sha, task: state.task },
      ...{ environment: state.environment, payload: {}, description: null, creator: creator(place), url },
      ...{ statuses_url: `${url}/statuses`, repository_url: objects.repository(place)['url'] },
      ...{ created_at: born, updated_at: born },
    };
  }

  return [
    {
      rule: 'create-status',
      method: 'post',
      operation: '/repos/{owner}/{repo}/statuses/{sha}',
      pattern: /^\/statuses\/([^/]+)$/,
      reply(place, commit, { body }): Reply {
        const { state, context, description } = statusBody.parse(body);
        if (!place.commits.has(commit)) return refused(`No commit found for SHA: ${commit}`);
        if ((description ?? '').length > mostDescription)
          return refused('description is too long (maximum is 140)');
        const status = {
          id: universe.nextId(),
          sha: commit,
          context,
          state,
          description: description ?? null,
        };
        place.statuses.push(status);
        return { status: 201, body: { ...objects.status(status, place), creator: creator(place) } };
      },
    },
    {
      rule: 'create-check-run',
      method: 'post',
      operation: '/repos/{owner}/{repo}/check-runs',
      pattern: /^\/check-runs$/,
      reply(place, _, { body, asApp }): Reply {
        if (!asApp)
          return { status: 403, body: { message: 'You must authenticate via a GitHub App.', status: '403' } };
        const { name, head_sha: sha, status, conclusion, output } = runBody.parse(body);
        const app = { id: universe.app?.id ?? 0, slug: 'holdfast' };
        const run = { id: universe.nextId(), sha, name, app, status, conclusion: conclusion ?? null };
        place.checkRuns.push({ ...run, ...(output === undefined ? {} : { title: output.title }) });
        return { status: 201, body: objects.checkRun(run, place) };
      },
    },
    {
      rule: 'update-check-run',
      method: 'patch',
      operation: '/repos/{owner}/{repo}/check-runs/{check_run_id}',
      pattern: /^\/check-runs\/(\d+)$/,
      reply(place, id, { body }): Reply {
        const run = place.checkRuns.find(each => each.id === Number(id));
        if (run === undefined) return refused('no such check run');
        const change = runBody.partial().parse(body);
        run.status = change.status ?? run.status;
        run.conclusion = change.conclusion ?? run.conclusion;
        if (change.output !== undefined) run.title = change.output.title;
        return { status: 200, body: objects.checkRun(run, place) };
      },
    },
    {
      rule: 'deployments',
      operation: '/repos/{owner}/{repo}/deployments',
      pattern: /^\/deployments$/,
      reply(place, _, { query }): Reply {
        const fits = place.deployments.filter(({ sha, environment, task }) =>
          Object.entries({ sha, environment, task }).every(
            ([key, value]) => (query.get(key) ?? value) === value,
          ),
        );
        return { status: 200, list: fits.toReversed().map(each => deployment(each, place)) };
      },
    },
    {
      rule: 'create-deployment',
      method: 'post',
      operation: '/repos/{owner}/{repo}/deployments',
      pattern: /^\/deployments$/,
      reply(place, _, { body }): Reply {
        const {
          ref,
          task,
          environment,
          auto_merge: merges,
          required_contexts: waits,
        } = deploymentBody.parse(body);
        if (!place.commits.has(ref)) return refused(`No ref found for: ${ref}`);
        if (merges || waits === undefined || waits.length > 0) {
          return { status: 409, body: { message: 'Conflict: Commit status checks failed', status: '409' } };
        }
        const state = { id: universe.nextId(), sha: ref, task, environment, statuses: [] };
        place.deployments.push(state);
        return { status: 201, body: deployment(state, place) };
      },
    },
    {
      rule: 'create-deployment-status',
      method: 'post',
      operation: '/repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
      pattern: /^\/deployments\/(\d+)\/statuses$/,
      reply(place, id, { body }): Reply {
        const found = place.deployments.find(each => each.id === Number(id));
        if (found === undefined) return refused('no such deployment');
        const { state, description } = deploymentStatusBody.parse(body);
        if (description.length > mostDescription) return refused('description is too long (maximum is 140)');
        found.statuses.push({ state, description });
        const own = deployment(found, place);
        const { url, repository_url } = own;
        return {
          status: 201,
          body: {
            ...{ id: universe.nextId(), node_id: `DS_${id}`, state, description, creator: own.creator, url },
            ...{ deployment_url: url, repository_url, target_url: url, created_at: born, updated_at: born },
          },
        };
      },
    },
  ];
}

function refused(message: string): Reply {
  return { status: 422, body: { message, documentation_url: 'https://docs.github.com/rest' } };
}

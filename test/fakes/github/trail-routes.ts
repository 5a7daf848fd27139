import type { Objects } from './objects.ts';
import type { Reply, Route } from './routes.ts';
import type { ActivityState, RepositoryState } from './state.ts';

const nothing = '0'.repeat(40);

/** How branches were moved, and where somebody bypassed their rules. */
export function trailRoutes(objects: Objects): Route[] {
  return [
    {
      rule: 'activity',
      operation: '/repos/{owner}/{repo}/activity',
      pattern: /^\/activity$/,
      reply(place, _, { query }): Reply {
        const ref = query.get('ref');
        const some = place.activities.filter(each => ref === null || each.ref === ref);
        return { status: 200, list: some.toReversed().map(each => activity(each, objects)) };
      },
    },
    {
      rule: 'rule-suites',
      operation: '/repos/{owner}/{repo}/rulesets/rule-suites',
      pattern: /^\/rulesets\/rule-suites$/,
      reply(place, _, { query }): Reply {
        const ref = query.get('ref');
        const result = query.get('rule_suite_result') ?? 'all';
        const some = place.activities.filter(
          each => (ref === null || each.ref === ref) && (result === 'all' || result === suiteResult(each)),
        );
        return { status: 200, list: some.toReversed().map(each => suite(each, place)) };
      },
    },
  ];
}

function activity({ id, before, after, ref, at, type, by }: ActivityState, objects: Objects) {
  return {
    id,
    node_id: `PSH_${id}`,
    before: before ?? nothing,
    after: after ?? nothing,
    ref,
    timestamp: at,
    activity_type: type,
    actor: by === null ? null : objects.user(by),
  };
}

function suiteResult({ bypass }: ActivityState): 'bypass' | 'pass' {
  return bypass ? 'bypass' : 'pass';
}

function suite(state: ActivityState, place: RepositoryState) {
  const { id, by, before, after, ref, at } = state;
  const result = suiteResult(state);
  return {
    ...{ id, actor_id: by?.id ?? 0, actor_name: by?.login ?? '', before_sha: before ?? nothing },
    ...{ after_sha: after ?? nothing, ref, repository_id: place.id, repository_name: place.name },
    ...{ pushed_at: at, result, evaluation_result: result },
  };
}

/** GitLab's objects, with the fields that its documentation shows for each. */
import type { MergeState, ProjectState, PushState, UserState } from './state.ts';

export function createObjects(site: string) {
  const user = ({ id, username }: UserState) => ({
    ...{ id, username, name: username, state: 'active', locked: false },
    ...{ avatar_url: null, web_url: `${site}/${username}` },
  });
  const maybe = (state: UserState | null) => (state === null ? null : user(state));

  const person = (state: UserState) => ({
    ...user(state),
    ...{ created_at: '2025-01-01T00:00:00.000Z', bio: '', location: '', public_email: state.publicEmail },
    ...{ linkedin: '', twitter: '', website_url: '', organization: '', job_title: '', pronouns: null },
    ...{ bot: state.bot, work_information: null, followers: 0, following: 0, is_followed: false },
  });

  const project = ({ id, path }: ProjectState) => ({
    ...{ id, description: null, name: path.split('/').at(-1), path: path.split('/').at(-1) },
    ...{ path_with_namespace: path, default_branch: 'main', visibility: 'private', archived: false },
    ...{ web_url: `${site}/${path}`, created_at: '2025-01-01T00:00:00.000Z', merge_method: 'merge' },
  });

  const merge = (state: MergeState) => ({
    ...{ id: 9000 + state.iid, iid: state.iid, project_id: state.target.project.id, title: state.title },
    ...{
      description: '',
      state: state.state,
      created_at: state.versions[0]?.at,
      updated_at: state.versions[0]?.at,
    },
    ...{ merged_by: maybe(state.merged?.by ?? null), merge_user: maybe(state.merged?.by ?? null) },
    ...{ merged_at: state.merged?.at ?? null, closed_by: null, closed_at: null },
    ...{ target_branch: state.target.branch, source_branch: state.source.branch, user_notes_count: 0 },
    ...{
      upvotes: 0,
      downvotes: 0,
      author: maybe(state.author),
      assignees: [],
      assignee: null,
      reviewers: [],
    },
    ...{ source_project_id: state.source.project?.id ?? null, target_project_id: state.target.project.id },
    ...{ labels: [], draft: false, work_in_progress: false, milestone: null, sha: state.head },
    ...{
      merge_commit_sha: state.merged?.mergeCommit ?? null,
      squash_commit_sha: state.merged?.squashCommit ?? null,
    },
    ...{
      merge_status: 'can_be_merged',
      detailed_merge_status: state.merged === null ? 'mergeable' : 'not_open',
    },
    ...{ merge_when_pipeline_succeeds: false, discussion_locked: null, squash: false, has_conflicts: false },
    web_url: `${site}/${state.target.project.path}/-/merge_requests/${state.iid}`,
  });

  return {
    user,
    person,
    project,
    merge,
    wholeMerge: (state: MergeState) => ({
      ...merge(state),
      ...{ subscribed: false, changes_count: '1', diverged_commits_count: 0, rebase_in_progress: false },
      diff_refs: { base_sha: state.baseSha, head_sha: state.head, start_sha: state.baseSha },
    }),
    approvals: (state: MergeState) => ({
      ...{ id: 9000 + state.iid, iid: state.iid, project_id: state.target.project.id, title: state.title },
      ...{ description: '', state: state.state, approvals_required: 0, approvals_left: 0, approved: true },
      ...{ user_has_approved: false, user_can_approve: false, has_approval_rules: false },
      approved_by: state.approvals.map(({ by, at }) => ({ user: user(by), approved_at: at })),
    }),
    event: ({ branch, from, to, by, at }: PushState, place: ProjectState) => ({
      ...{ id: 1, project_id: place.id, action_name: from === null ? 'pushed new' : 'pushed to' },
      ...{ target_id: null, target_iid: null, target_type: null, target_title: null, created_at: at },
      ...{ author_id: by.id, author: user(by), author_username: by.username, imported: false },
      push_data: {
        ...{ commit_count: 1, action: to === null ? 'removed' : from === null ? 'created' : 'pushed' },
        ...{ ref_type: 'branch', commit_from: from, commit_to: to, ref: branch, commit_title: 'Change' },
      },
    }),
  };
}

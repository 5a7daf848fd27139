import { userOf } from './names.ts';
import type { PullState, ReviewState, Universe } from './state.ts';

/** What a test does to a pull request of the fake. A login of null is a deleted account. */
export interface FakePull {
  readonly state: PullState;
  readonly number: number;
  /** `commit` is the head by default. */
  review(
    by: string | null,
    state: ReviewState['state'],
    options?: { commit?: string | null; at?: string },
  ): ReviewState;
  /** GitHub replaces the state of a dismissed review. */
  dismiss(review: ReviewState): void;
  retarget(ref: string, options?: { by?: string; at?: string; automatic?: boolean }): void;
  /** Another commit on the head; `force` leaves only this one. */
  push(sha: string, by: string, options?: { force?: boolean }): void;
  event(event: string, by: string, at?: string): void;
  /**
   * `introduces` are the commits of the base branch that the lookup leads here; without it the merge commit and the commits
   * of the pull request, as after a merge or a rebase.
   */
  merge(commit: string, options?: { by?: string | null; at?: string; introduces?: string[] }): void;
  close(): void;
}

export function pullBuilder(universe: Universe, pull: PullState): FakePull {
  const event = (name: string, by: string, at?: string) => {
    const time = at ?? universe.nextTime();
    pull.events.push({ id: universe.nextId(), event: name, by: userOf(universe, by), at: time });
  };

  return {
    state: pull,
    number: pull.number,
    event,

    review(by, state, options = {}) {
      const review: ReviewState = {
        id: universe.nextId(),
        by: by === null ? null : userOf(universe, by),
        state,
        commit: options.commit === undefined ? pull.head.sha : options.commit,
        at: options.at ?? universe.nextTime(),
      };
      if (review.by === pull.author && state === 'APPROVED') {
        throw new Error('GitHub lets nobody approve their own pull request (422)');
      }
      pull.reviews.push(review);
      return review;
    },
    dismiss(review) {
      review.state = 'DISMISSED';
    },

    retarget(ref, { by = pull.author.login, at, automatic = false } = {}) {
      if (pull.merged !== null) throw new Error('GitHub retargets no merged pull request (422)');
      pull.base.ref = ref;
      event(automatic ? 'automatic_base_change_succeeded' : 'base_ref_changed', by, at);
    },

    push(commit, by, { force = false } = {}) {
      const pusher = userOf(universe, by);
      pull.commits = [...(force ? [] : pull.commits), { sha: commit, author: pusher, committer: pusher }];
      pull.head.sha = commit;
      pull.base.repository.commits.add(commit);
      if (force) event('head_ref_force_pushed', by);
    },

    merge(commit, options = {}) {
      const by = options.by === undefined ? pull.base.repository.owner.login : options.by;
      const introduces = options.introduces ?? [commit, ...pull.commits.map(each => each.sha)];
      for (const each of [commit, ...introduces]) pull.base.repository.commits.add(each);
      pull.merged = {
        by: by === null ? null : userOf(universe, by),
        at: options.at ?? universe.nextTime(),
        commit,
        introduces,
      };
      pull.closed = true;
      event('merged', by ?? pull.author.login, pull.merged.at);
    },
    close() {
      pull.closed = true;
    },
  };
}

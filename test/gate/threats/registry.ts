/** Where a threat is carried out: on the real Gitea, on a fake forge, on the real API server; a note is no test. */
export type Where = 'gitea' | 'fake' | 'api-server' | 'note';

export interface Threat {
  number: number;
  threat: string;
  expected: string;
  where: Where[];
}

/** The whole table of threats to the gate. A test names the one that it carries out: `threat 07 …`. */
export const threats: readonly Threat[] = [
  row(1, 'direct push, no pull request', 'denied: no-pr', 'gitea'),
  row(2, 'direct push with the text of a merge', 'denied: no-pr; text is never read', 'gitea'),
  row(3, 'push with a maintainer’s e-mail address', 'denied: no-pr; identity is ignored', 'gitea'),
  row(
    4,
    'administrator pushes, forces a merge, bypasses a rule',
    'denied, naming the actor, unless break-glass names them',
    'gitea',
    'fake',
  ),
  row(
    5,
    'head of an unapproved pull request is pushed',
    'denied: approvals, and bypass where the forge tells',
    'gitea',
    'fake',
  ),
  row(6, 'marked as merged by a foreign commit', 'denied: content', 'gitea'),
  row(7, 'merged to another base, later on the branch', 'denied: base', 'gitea'),
  row(
    8,
    'pull request of another repository with the same number or commits',
    'denied: base-repository',
    'fake',
  ),
  row(9, 'pull request from a fork, properly reviewed', 'authorized, as the policy says', 'gitea'),
  row(10, 'pointed at the branch after the approval', 'denied: retargeted', 'gitea'),
  row(11, 'push after the approval', 'denied: approvals, even while the forge’s flag lags', 'gitea'),
  row(12, 'dismissed, or changes asked for after the approval', 'denied', 'gitea'),
  row(
    13,
    'approval by the author, a co-author, a bot, a second account, also a renamed one',
    'does not count',
    'gitea',
    'fake',
  ),
  row(14, 'a bot’s pull request approved by who triggered it', 'denied: a bot’s needs two humans', 'fake'),
  row(15, 'approver without write permission', 'does not count', 'gitea'),
  row(16, 'evil merge, conflict edited at the merge, what a diff hides', 'denied: content', 'gitea', 'fake'),
  row(17, 'a change and its revert in one pull request, rebased', 'the range is authorized whole', 'gitea'),
  row(18, 'force push to an older or another tip', 'denied: rewind', 'gitea'),
  row(
    19,
    'branch deleted and recreated; repository renamed, moved, made anew',
    'nothing is followed blindly',
    'fake',
  ),
  row(20, 'reverting pull request', 'authorized like any', 'gitea'),
  row(21, 'rebase merge of several commits', 'authorized as one segment', 'gitea'),
  row(
    22,
    'merge queue with several pull requests in one push',
    'each by itself; a bad one denies the tip',
    'fake',
  ),
  row(23, 'stacked pull requests', 'each judged by its base at the merge', 'fake'),
  row(24, 'the tip moves between check and apply', 'what is applied is what was decided', 'gitea'),
  row(25, 'webhook replayed, wrongly signed, without header, too large', 'at most a look', 'fake'),
  row(26, 'webhook lost', 'the poll finds it', 'fake'),
  row(
    27,
    '5xx, rate limit, timeout, empty list, cut page, HTML',
    'unknown, back-off, no false alert',
    'fake',
    'gitea',
  ),
  row(28, 'the forge contradicts itself', 'unknown: contradiction', 'fake'),
  row(29, 'hundreds of commits, thousands of files', 'judged whole, from our own object store', 'gitea'),
  row(
    30,
    'policy loosened by what it authorizes, or by dropping an environment',
    'the policy of the last authorized revision counts',
    'gitea',
    'fake',
  ),
  row(31, 'CODEOWNERS broken or loosened by the pull request', 'denied: codeowners', 'fake'),
  row(32, 'short SHA, a branch with the name of a SHA', 'refused', 'gitea'),
  row(33, 'input shaped like a SHA-1 collision', 'git detects it, and trees are compared', 'note'),
  row(34, 'clock skew; dates in 1970 or 2099', 'ignored', 'fake'),
  row(35, 'deleted fork, deleted account', 'read without a crash; a ghost does not count', 'fake', 'gitea'),
  row(36, 'check of an unpinned app under the same name', 'does not count', 'fake'),
  row(37, 'protection off for a minute', 'our own checks still deny', 'fake'),
  row(38, 'token or secret in evidence or log', 'never printed', 'fake'),
  row(
    39,
    'the observer asks for the converger’s token by a dry run',
    'denied by the admission policy',
    'api-server',
  ),
  row(
    40,
    'the observer weakens its own admission policy',
    'denied by RBAC; refuses to run if a write succeeds',
    'api-server',
  ),
  row(
    41,
    'an unauthorized tip deletes a manifest, ignores, reroutes',
    'compared and told by the last authorized revision',
    'gitea',
  ),
  row(
    42,
    'after a denied push: restored, ratified, ratified unreviewed',
    'authorized; authorized; denied',
    'gitea',
  ),
];

function row(number: number, threat: string, expected: string, ...where: Where[]): Threat {
  return { number, threat, expected, where };
}

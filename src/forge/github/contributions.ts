import type { Requester } from '../http/requester.ts';
import { counted, eachPage } from './pages.ts';
import { type CommitAnswer, commit, comparison, type Pull } from './schema.ts';

/** GitHub lists no more commits of a pull request than this, and does not say so. */
const mostListed = 250;

/**
 * Every commit of a pull request. Beyond GitHub's limit they are read from a comparison of its base and head, which has
 * pages. A number other than the pull request's own is a Failure HF1405: a contributor left out could approve.
 */
export async function commitsOf(
  requester: Requester,
  repository: string,
  pull: Pull,
): Promise<readonly CommitAnswer[]> {
  if (pull.commits <= mostListed) {
    const path = `${repository}/pulls/${pull.number}/commits`;
    const pages = await eachPage(requester, path, commit.array());
    return counted(pages.flat(), pull.commits, path);
  }
  const path = `${repository}/compare/${pull.base.sha}...${pull.head.sha}`;
  const pages = await eachPage(requester, path, comparison);
  return counted(
    pages.flatMap(page => page.commits),
    pages[0]?.total_commits,
    path,
  );
}

import { createHash } from 'node:crypto';
import type { OpenedPull, Proposals } from '../forge/proposals.ts';
import { type BranchWriter, ownPrefix } from '../git/branch-writer.ts';

/** Who asks for a change. The login at the forge goes into the commit: who asks is not who approves. */
export interface Requester {
  /** For people, such as `alice (U123 in Slack)`. */
  words: string;
  login?: string;
}

/** A change that people are asked to merge. */
export interface Proposal {
  /** What it is about, as `revert-12`: the same change has the same topic, and so the same branch. */
  topic: string;
  title: string;
  /** Markdown. */
  body: string;
  /** Makes the commit that the branch points to; called only where no pull request is open yet. Returns its SHA. */
  commit: () => Promise<string>;
}

export interface ProposedPull extends OpenedPull {
  branch: string;
  /** It was open before. */
  already: boolean;
}

export interface ProposalPlace {
  proposals: Pick<Proposals, 'findOpen' | 'open'>;
  writer: Pick<BranchWriter, 'push'>;
  /** The branch that is followed. */
  base: string;
}

/** Opens a pull request; the one that is open already for the same change is given instead. Throws HF14xx. */
export async function propose(
  { proposals, writer, base }: ProposalPlace,
  { topic, title, body, commit }: Proposal,
): Promise<ProposedPull> {
  const branch = branchOf(topic);
  const open = await proposals.findOpen(branch, base);
  if (open !== undefined) return { ...open, branch, already: true };
  await writer.push(await commit(), branch);
  return { ...(await proposals.open({ branch, base, title, body })), branch, already: false };
}

const longestTopic = 80;

/** The branch of a topic: readable where it is short, and always the same. */
export function branchOf(topic: string): string {
  const readable = topic.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  if (readable === topic && topic.length <= longestTopic) return ownPrefix + topic;
  const digest = createHash('sha256').update(topic).digest('hex').slice(0, 12);
  return `${ownPrefix}${readable.slice(0, longestTopic - 13).replace(/^-+|-+$/g, '')}-${digest}`;
}

/** The trailer by which the gate knows who asked; empty where that is not known. A login of another form is left out. */
export function requesterTrailer({ login }: Requester): string {
  return login === undefined || !/^[\w.-]{1,100}$/.test(login) ? '' : `\n\nHoldfast-Requested-By: ${login}`;
}

import { type AdapterOptions, adapterOptions, type ForgeOptions } from './create.ts';
import { giteaProposals } from './gitea/proposals.ts';
import { githubProposals } from './github/proposals.ts';
import { gitlabProposals } from './gitlab/proposals.ts';
import { rememberedPermissions } from './permissions.ts';
import type { Proposals } from './proposals.ts';

export interface ProposalOptions extends ForgeOptions {
  /** A token that may open pull requests; what reads is used unless told. Give it no right to approve or to merge. */
  writeToken?: string | undefined;
  /** Milliseconds of a clock that never goes back. */
  clock?: () => number;
}

export interface ProposalAdapterOptions extends AdapterOptions {
  writeToken: string;
}

const adapters = { gitea: giteaProposals, github: githubProposals, gitlab: gitlabProposals };

/** The way to pull requests at the configured forge. Asks nothing yet. Throws HF1001 as `createForge` does. */
export function createProposals(options: ProposalOptions): Proposals {
  const { clock, writeToken = options.token, ...forge } = options;
  const adapter = { ...adapterOptions(forge), writeToken };
  // a token of the wrong form is refused before it reaches a header
  if (writeToken !== options.token) adapterOptions({ ...forge, token: writeToken, app: undefined });
  const proposals = adapters[options.kind](adapter);
  const permissionOf = rememberedPermissions(login => proposals.permissionOf(login), clock);
  return { ...proposals, permissionOf };
}

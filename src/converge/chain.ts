/** One verdict of the ledger, as far as the chain needs it. */
export interface Link {
  from: string;
  revision: string;
  verdict: string;
  /** When the server stored it, RFC 3339. */
  createdAt: string;
}

/**
 * The authorized revisions from the trust root on, oldest first; the last one is the newest. Only verdicts that hang
 * together with the trust root count, whatever else the ledger holds.
 *
 * The branch only moves forward, so that one revision is followed by one other. Where the ledger has two for the same one
 * (the tip was judged twice while it moved), the one from which most follows is taken, and among equals the one stored
 * last: each was judged authorized by itself, so that the choice never lets in what is not.
 */
export function authorizedChain(trustRoot: string, links: readonly Link[]): string[] {
  const next = Map.groupBy(
    links.filter(link => link.verdict === 'authorized' && link.from !== link.revision),
    link => link.from,
  );
  const chain = [trustRoot];
  const seen = new Set(chain);
  for (let at = trustRoot; ; ) {
    const followers = (next.get(at) ?? []).filter(link => !seen.has(link.revision));
    const best = followers.length > 1 ? preferred(followers, next, seen) : followers[0];
    if (best === undefined) return chain;
    at = best.revision;
    chain.push(at);
    seen.add(at);
  }
}

function preferred(
  links: readonly Link[],
  next: ReadonlyMap<string, Link[]>,
  seen: ReadonlySet<string>,
): Link | undefined {
  return links
    .map(link => ({ link, reach: reachOf(link.revision, next, seen) }))
    .sort((one, other) => other.reach - one.reach || later(one.link, other.link))[0]?.link;
}

/** How many revisions can be reached from one, itself included. */
function reachOf(revision: string, next: ReadonlyMap<string, Link[]>, without: ReadonlySet<string>): number {
  const reached = new Set<string>([revision]);
  for (const at of reached) {
    for (const link of next.get(at) ?? []) if (!without.has(link.revision)) reached.add(link.revision);
  }
  return reached.size;
}

function later(one: Link, other: Link): number {
  const key = (link: Link) => `${link.createdAt} ${link.revision}`;
  return key(one) < key(other) ? 1 : key(one) > key(other) ? -1 : 0;
}

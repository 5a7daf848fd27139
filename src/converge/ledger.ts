import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Cluster } from '../cluster/cluster.ts';
import { collectionPath } from '../cluster/kind.ts';
import { jsonObjectSchema } from '../cluster/schema.ts';
import type { Authorization } from '../gate/authorization.ts';
import { authorizedChain, type Link } from './chain.ts';
import { verdictRecord } from './record.ts';
import { aboutOwn, authorizationKind, isConflict, itemsOf } from './resources.ts';

const storedSchema = z.object({
  metadata: z.object({ creationTimestamp: z.string() }),
  spec: z.object({
    repository: z.string().optional(),
    repositoryId: z.string().optional(),
    branch: z.string().optional(),
    from: z.string(),
    revision: z.string(),
    verdict: z.enum(['authorized', 'denied']),
  }),
});

export interface LedgerPlace {
  namespace: string;
  /** Which repository and branch the verdicts are about; those of others are not read. */
  repository: string;
  branch: string;
  /** The first revision that is trusted, a full SHA. */
  trustRoot: string;
}

/** The verdicts of the gate, kept as Authorization objects: created, never changed. Throws HF13xx. */
export class AuthorizationLedger {
  readonly #cluster: Cluster;
  readonly #place: LedgerPlace;
  readonly #now: () => Date;

  constructor(cluster: Cluster, place: LedgerPlace, now: () => Date = () => new Date()) {
    this.#cluster = cluster;
    this.#place = place;
    this.#now = now;
  }

  /** The authorized revisions, newest first; the last one is the trust root. */
  async chain(): Promise<string[]> {
    return authorizedChain(this.#place.trustRoot, await this.#links()).reverse();
  }

  /** The same with the time since when each is authorized, RFC 3339; the trust root has none. */
  async revisions(): Promise<{ revision: string; since?: string }[]> {
    const links = await this.#links();
    const chain = authorizedChain(this.#place.trustRoot, links);
    return chain
      .map((revision, index) => {
        const link = links.find(
          each =>
            each.verdict === 'authorized' && each.revision === revision && each.from === chain[index - 1],
        );
        return { revision, ...(link !== undefined && { since: link.createdAt }) };
      })
      .reverse();
  }

  /** The forge's number of the repository, as it was when a revision was last authorized; undefined before the first time. */
  async repositoryId(): Promise<string | undefined> {
    const stored = (await this.#stored()).filter(({ verdict }) => verdict === 'authorized');
    const newest = stored.toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
    return newest.find(({ repositoryId }) => repositoryId !== undefined)?.repositoryId;
  }

  /** Stores a verdict. The same one again is the same object, so that it may be stored twice without harm; `unknown` is none. */
  async append(authorization: Authorization): Promise<void> {
    if (authorization.verdict === 'unknown') return;
    const { repository, branch, namespace } = this.#place;
    const name = nameOf(this.#place, authorization);
    const decidedAt = this.#now().toISOString();
    const spec = { repository, branch, ...verdictRecord(authorization), decidedAt };
    const { apiVersion, kind } = authorizationKind;
    const object = jsonObjectSchema.parse({ apiVersion, kind, metadata: { name, namespace }, spec });
    try {
      const target = { kind: authorizationKind, namespace, name };
      await aboutOwn(() => this.#cluster.create(target, object, { dryRun: false }));
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }

  async #links(): Promise<Link[]> {
    return this.#stored();
  }

  async #stored(): Promise<(Link & { repositoryId?: string | undefined })[]> {
    const { namespace, repository, branch } = this.#place;
    const answer = await aboutOwn(() =>
      this.#cluster.call({
        path: collectionPath(authorizationKind, namespace),
        asked: { verb: 'list', resource: 'authorizations.holdfast.dev' },
      }),
    );
    return itemsOf(answer, authorizationKind).flatMap(item => {
      const stored = storedSchema.safeParse(item);
      if (!stored.success) return [];
      const { spec, metadata } = stored.data;
      if (spec.repository !== repository || spec.branch !== branch) return [];
      return [{ ...spec, createdAt: metadata.creationTimestamp }];
    });
  }
}

/** The same for the same verdict on the same step of the same branch. */
function nameOf({ repository, branch }: LedgerPlace, authorization: Authorization): string {
  const { from, revision, verdict } = authorization;
  const hash = createHash('sha256').update(JSON.stringify([repository, branch, from, revision, verdict]));
  return `${revision.slice(0, 12)}-${hash.digest('hex').slice(0, 12)}`;
}

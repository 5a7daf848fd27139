import { randomBytes } from 'node:crypto';
import type { Cluster } from '../../cluster/cluster.ts';
import { collectionPath, objectPath } from '../../cluster/kind.ts';
import { jsonObjectSchema } from '../../cluster/schema.ts';
import { Failure } from '../../failure/failure.ts';
import { aboutOwn, freezeKind, isConflict, itemsOf } from '../resources.ts';
import { type Freeze, freezeSchema, freezeSpecSchema, isInForce } from './freeze.ts';

export interface FreezeRequest {
  reason: string;
  by: string;
  /** RFC 3339. */
  until?: string | undefined;
  /** Names of units; all where this is left out. */
  units?: readonly string[] | undefined;
}

/** Manual holds, kept in the cluster. All methods throw a Failure HF13xx when the server does not do it. */
export interface Freezes {
  freeze(request: FreezeRequest): Promise<Freeze>;
  /**
   * Lifts those that are in force: the one of this name, those of these units alone, or all. Returns what was lifted; a freeze
   * of all units is lifted only by its name or with all.
   */
  unfreeze(which: { name: string } | { units: readonly string[] } | 'all', by: string): Promise<Freeze[]>;
  /** Those that are in force now, oldest first. */
  current(): Promise<Freeze[]>;
  /** All that are still kept, oldest first. */
  list(): Promise<Freeze[]>;
}

const attempts = 5;

/** Freezes as custom resources of one namespace. */
export function clusterFreezes(
  cluster: Cluster,
  namespace: string,
  now: () => Date = () => new Date(),
): Freezes {
  const asked = (verb: string, subject?: string) => ({
    verb,
    resource: 'freezes.holdfast.dev',
    ...(subject === undefined ? {} : { subject }),
  });
  const list = async (): Promise<Freeze[]> => {
    const path = collectionPath(freezeKind, namespace);
    const answer = await aboutOwn(() => cluster.call({ path, asked: asked('list') }));
    return itemsOf(answer, freezeKind)
      .map(item => parsed(item))
      .sort(byAge);
  };
  const current = async () => (await list()).filter(freeze => isInForce(freeze, now()));
  const lift = async (freeze: Freeze, by: string): Promise<Freeze> => {
    const { name, resourceVersion } = freeze.metadata;
    const { body } = await cluster.call({
      method: 'PATCH',
      path: objectPath(freezeKind, namespace, name),
      contentType: 'application/merge-patch+json',
      body: { metadata: { resourceVersion }, spec: { lifted: { by, at: now().toISOString() } } },
      asked: asked('patch', name),
    });
    return parsed(body);
  };
  return {
    list,
    current,
    async freeze({ reason, by, until, units }) {
      const spec = checkedSpec({ reason, by, until, units: units === undefined ? undefined : [...units] });
      const name = `freeze-${randomBytes(4).toString('hex')}`;
      const { apiVersion, kind } = freezeKind;
      const object = jsonObjectSchema.parse({ apiVersion, kind, metadata: { name, namespace }, spec });
      const target = { kind: freezeKind, namespace, name };
      return parsed(await aboutOwn(() => cluster.create(target, object, { dryRun: false })));
    },
    async unfreeze(which, by) {
      for (let attempt = 1; ; attempt += 1) {
        const chosen = (await current()).filter(freeze => isMeant(freeze, which));
        try {
          return await Promise.all(chosen.map(freeze => lift(freeze, by)));
        } catch (error) {
          if (attempt >= attempts || !isConflict(error)) throw error;
        }
      }
    },
  };
}

function isMeant({ metadata, spec }: Freeze, which: Parameters<Freezes['unfreeze']>[0]): boolean {
  if (which === 'all') return true;
  if ('name' in which) return metadata.name === which.name;
  return spec.units?.every(unit => which.units.includes(unit)) ?? false;
}

function checkedSpec(spec: object): Freeze['spec'] {
  const checked = freezeSpecSchema.safeParse(JSON.parse(JSON.stringify(spec)));
  if (checked.success) return checked.data;
  const [first] = checked.error.issues;
  throw new Failure('HF1606', `${first?.path.join('.') ?? ''}: ${first?.message ?? 'it is wrong'}`);
}

/** One that cannot be read fails the whole question: it must not let anything through. */
function parsed(body: unknown): Freeze {
  const freeze = freezeSchema.safeParse(body);
  if (freeze.success) return freeze.data;
  const name = unreadableSchema.safeParse(body).data?.metadata.name ?? '?';
  throw new Failure('HF1606', `the Freeze ${name} cannot be read`);
}

const unreadableSchema = freezeSchema.pick({ metadata: true });

function byAge(one: Freeze, other: Freeze): number {
  const key = ({ metadata }: Freeze) => `${metadata.creationTimestamp} ${metadata.name}`;
  return key(one) < key(other) ? -1 : 1;
}

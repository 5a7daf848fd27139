import type { Holds } from '../converge/freeze/holds-now.ts';
import type { Declaration } from '../declared/declaration.ts';
import { declareSides } from './declare-sides.ts';
import type { LiveSource } from './live.ts';
import { type MergingStore, mergeSides } from './merged.ts';
import type { Preview } from './model.ts';
import { preview, unreadablePreview } from './preview.ts';

export interface MergeInput {
  store: MergingStore;
  /** Full SHAs. */
  base: string;
  head: string;
  /** The name of the unit of a repository that is a plain folder of manifests. */
  name: string;
  environment?: string | undefined;
  /** False where nobody authorized the head: it may name any address. */
  fetchCharts?: boolean;
  /** Of both sides only these units are looked at. */
  only?: (base: Declaration, head: Declaration) => [Declaration, Declaration];
  /** Where live is asked about what both sides declare, or why it is not. */
  live: (base: Declaration, head: Declaration) => Promise<LiveSource | { reason: string }>;
  /** The holds by hand; absent where they cannot be known. */
  holds?: (() => Promise<Holds>) | undefined;
  now: () => Date;
  signal?: AbortSignal | undefined;
}

/**
 * What merging `head` into `base` would change. A side that cannot be read as a whole (a broken holdfast.yaml) gives a preview all the
 * same, which says so and nothing else. Throws HF1206 and HF2202 where a revision or a common history is not there.
 */
export async function previewOfMerge(input: MergeInput): Promise<Preview> {
  const { store, base, head, name, environment, fetchCharts, signal } = input;
  const merged = await mergeSides(store, base, head);
  const sides = await declareSides(merged, {
    name,
    environment,
    ...(fetchCharts === undefined ? {} : { fetchCharts }),
  });
  const comparedAt = input.now().toISOString();
  const found =
    'unreadable' in sides
      ? unreadablePreview({ base, head, environment, comparedAt, unreadable: sides.unreadable })
      : await previewOf(input, sides, comparedAt, signal);
  const failures = merged.conflict === undefined ? found.failures : [merged.conflict, ...found.failures];
  return { ...found, base, head, failures };
}

async function previewOf(
  { only, live, holds, environment }: MergeInput,
  sides: Exclude<Awaited<ReturnType<typeof declareSides>>, { unreadable: unknown }>,
  comparedAt: string,
  signal: AbortSignal | undefined,
): Promise<Preview> {
  const [base, head] = only?.(sides.base, sides.head) ?? [sides.base, sides.head];
  return preview({
    ...{ base, head, kinds: sides.kinds, live: await live(base, head), holds: await holds?.() },
    ...{ comparedAt, environment, signal },
  });
}

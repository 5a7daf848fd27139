import type { FieldChange } from '../findings/finding.ts';
import type { JsonObject } from '../json/json.ts';
import { liveWorkload, type Workload, workloadOf } from './workload.ts';

/** A resource on both sides, either of which may be absent, and how live differs from the head where it was asked. */
export interface HighlightInput {
  base: JsonObject | undefined;
  head: JsonObject | undefined;
  live?: readonly FieldChange[] | undefined;
  /** A rule leaves the replicas to whoever scales it. */
  scaled?: boolean;
}

interface Sides {
  base: Workload | undefined;
  head: Workload | undefined;
  live: Workload | undefined;
  scaled: boolean;
}

/**
 * The change of a workload in a reviewer's words: `web: 1.2 → 1.3`, `2 → 4 replicas (live has 7)`, `+1.5 CPU requested`. That live is
 * neither as before nor as the other words say is told with each. Empty for what is no workload. Texts are from outside: escape them.
 */
export function highlightsOf({ base, head, live, scaled = false }: HighlightInput): string[] {
  const sides: Sides = {
    base: base && workloadOf(base),
    head: head && workloadOf(head),
    live: head && live && liveWorkload(head, live),
    scaled,
  };
  return [...imageWords(sides), ...replicaWords(sides), ...requestWords(sides)];
}

/** `1.2 → 1.3`, with what live has where that is neither; `back to 1.2` where only live differs. */
function change<T>(
  { from, to, live }: { from: T; to: T; live: T | undefined },
  say: (value: T) => string,
): string | undefined {
  if (from === to)
    return live === undefined || live === to ? undefined : `${say(to)} again (live has ${say(live)})`;
  const words = `${say(from)} → ${say(to)}`;
  if (live === undefined || live === from) return words;
  return live === to ? `${words} (live has it already)` : `${words} (live has ${say(live)})`;
}

function imageWords({ base, head, live }: Sides): string[] {
  return [...(head?.images ?? [])].flatMap(([name, to]) => {
    const from = base?.images.get(name);
    if (from === undefined) return [];
    const running = live?.images.get(name);
    const all = [from, to, ...(running === undefined ? [] : [running])].map(splitImage);
    const oneRepository = new Set(all.map(({ repository }) => repository)).size === 1;
    const say = (image: string) => (oneRepository ? splitImage(image).tag || 'no tag' : image);
    const words = change({ from, to, live: running }, say);
    return words === undefined ? [] : [`${name}: ${words}`];
  });
}

/** `registry:5000/shop/cart:1.2@sha256:…` into what is named and which of it; a digest is shortened. */
function splitImage(image: string): { repository: string; tag: string } {
  const [named = '', digest] = image.split('@', 2);
  const colon = named.lastIndexOf(':');
  const tagged = colon > named.lastIndexOf('/');
  const tag = tagged ? named.slice(colon + 1) : '';
  const short = digest === undefined ? '' : `@${digest.slice(0, 19)}`;
  return { repository: tagged ? named.slice(0, colon) : named, tag: `${tag}${short}` };
}

function replicaWords({ base, head, live, scaled }: Sides): string[] {
  const [from, to] = [base?.replicas, head?.replicas];
  if (from === undefined || to === undefined) return [];
  if (scaled) return from === to ? [] : [`${from} → ${to} replicas, left to whoever scales it`];
  const words = change({ from, to, live: live?.replicas }, String);
  if (words === undefined) return [];
  return [words.replace(/^(\d+ → \d+|\d+)/, '$1 replicas')];
}

function requestWords({ base, head, live, scaled }: Sides): string[] {
  return (['cpu', 'memory'] as const).flatMap(resource => {
    const of = (workload: Workload | undefined) => workload?.requests[resource] ?? 0;
    const say = (amount: number) => `${signed(amount, resource)} ${resource === 'cpu' ? 'CPU' : 'memory'}`;
    const more = of(head) - of(base);
    const fromLive = live === undefined || scaled ? more : of(head) - of(live);
    if (near(more, 0)) return near(fromLive, 0) ? [] : [`${say(fromLive)} requested from what live has`];
    if (near(fromLive, more)) return [`${say(more)} requested`];
    const aside = near(fromLive, 0)
      ? 'live has it already'
      : `${signed(fromLive, resource)} from what live has`;
    return [`${say(more)} requested (${aside})`];
  });
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-9;
}

function signed(amount: number, resource: 'cpu' | 'memory'): string {
  const size = Math.abs(amount);
  return `${amount > 0 ? '+' : '−'}${resource === 'cpu' ? rounded(size) : bytes(size)}`;
}

function bytes(size: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, size)) / 10)));
  return `${rounded(size / 1024 ** power)} ${units[power]}`;
}

function rounded(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

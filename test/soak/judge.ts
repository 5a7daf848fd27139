/** What was seen at one moment. */
export interface Sample {
  /** Seconds since the beginning. */
  at: number;
  residentMb: number;
  handles: number;
}

export interface Edit {
  at: number;
  ms: number;
}

/** The median of so much of a list; of an empty one it is NaN. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

/**
 * How much a figure grows in 10 minutes: the slope of Theil and Sen, the median of the slopes between all pairs, which a single
 * collection of garbage does not bend.
 */
export function growth(points: readonly { at: number; value: number }[]): number {
  const slopes: number[] = [];
  for (let one = 0; one < points.length; one += 1)
    for (let other = one + 1; other < points.length; other += 1) {
      const [a, b] = [points[one], points[other]];
      if (a !== undefined && b !== undefined && b.at > a.at) slopes.push((b.value - a.value) / (b.at - a.at));
    }
  return slopes.length === 0 ? Number.NaN : median(slopes) * 600;
}

/** The value below which this part of the list lies. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

export interface Bounds {
  /** Seconds that are not counted for memory. */
  warmUp: number;
  /** Seconds of the first and the last part, whose latencies are held against each other. */
  part: number;
  seconds: number;
  mostGrowthMb: number;
}

export interface Verdict {
  growthMb: number;
  handles: { first: number; last: number };
  p99: { first: number; last: number };
  wrong: string[];
}

export function judge(samples: readonly Sample[], edits: readonly Edit[], bounds: Bounds): Verdict {
  const warm = samples.filter(({ at }) => at >= bounds.warmUp);
  const growthMb = growth(warm.map(({ at, residentMb }) => ({ at, value: residentMb })));
  const third = Math.max(1, Math.floor(warm.length / 3));
  const handles = {
    first: median(warm.slice(0, third).map(one => one.handles)),
    last: median(warm.slice(-third).map(one => one.handles)),
  };
  const of = (from: number, to: number) =>
    quantile(
      edits.filter(({ at }) => at >= from && at < to).map(({ ms }) => ms),
      0.99,
    );
  const p99 = { first: of(0, bounds.part), last: of(bounds.seconds - bounds.part, Number.POSITIVE_INFINITY) };
  // written so that what could not be measured is wrong
  const wrong = [
    ...(growthMb < bounds.mostGrowthMb
      ? []
      : [`resident memory grows by ${growthMb.toFixed(2)} MB in 10 minutes`]),
    ...(handles.last <= handles.first + 2
      ? []
      : [`open handles went from ${handles.first} to ${handles.last}`]),
    ...(p99.last <= p99.first * 1.5
      ? []
      : [`the 99th percentile went from ${p99.first.toFixed(0)} to ${p99.last.toFixed(0)} ms`]),
  ];
  return { growthMb, handles, p99, wrong };
}

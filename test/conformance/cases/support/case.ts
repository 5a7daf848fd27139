import type { Bench } from './bench.ts';

/** A case of the reference that is played on the real server. */
export interface PlayedCase {
  /** `D01` to `D34`: noise and hazards. `N01` to `N20`: drift that others miss. `O01`…: legitimate owners. */
  id: string;
  words: string;
  /** What each step is told to be, in the words of `verdictWords`. */
  expected: readonly string[];
  /** Plays it, and returns what each step was told to be. */
  play: (bench: Bench) => Promise<string[]>;
}

/** A case about something that Holdfast does not have; said, and covered by what is the same for us. */
export interface ForeignCase {
  id: string;
  words: string;
  /** Why it cannot happen to us, in one sentence. */
  notOurs: string;
  /** The test that covers what is the same for us, relative to the root of the project. */
  coveredBy: string;
}

export type Case = PlayedCase | ForeignCase;

/**
 * A declaration that looks different from what the server makes of it: it must be in sync in each of the four ways in which
 * objects come to be on a cluster. `NAME` stands for a name of its own, `NS` for the namespace, `GROUP` for an API group.
 */
export function noise(
  id: string,
  words: string,
  manifests: string,
  options: { definitions?: string } = {},
): PlayedCase {
  return {
    id,
    words,
    expected: ['in sync'],
    play: async bench => {
      const told = await bench.inEveryWay(manifests, options.definitions);
      const noisy = [...told].filter(([, verdict]) => verdict !== 'in sync');
      return noisy.length === 0 ? ['in sync'] : noisy.map(([way, verdict]) => `${way}: ${verdict}`);
    },
  };
}

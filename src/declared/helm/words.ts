import type { Source } from '../../findings/finding.ts';
import type { ChartTexts } from './layout.ts';
import { withoutSecrets } from './secret-values.ts';

/** What helm said when it failed, fit to be shown, and the line of the repository that it spoke of. */
export interface HelmWords {
  text: string;
  source?: Source;
  /** The charts that are not there. */
  missing?: string;
  /** A template includes itself. */
  endless: boolean;
}

const longest = 700;
/** A chain of includes that is longer than this does not end: helm gives up after a thousand. */
const deepest = 50;
const neverEnding =
  /exceeded maximum template depth|has a nested reference name|goroutine stack exceeds|stack overflow/;

/** Reads the errors of helm. Nothing of a secret value is left in them; paths of this machine must be gone already. */
export function helmWords(stderr: string, texts: ChartTexts, secrets: readonly string[]): HelmWords {
  const lines = stderr
    .split('\n')
    .filter(line => !/^(WARNING:|walk\.go|\d{4}\/\d\d\/\d\d|level=|coalesce\.go)/.test(line));
  const start = lines.findIndex(line => line.startsWith('Error:'));
  const said = lines
    .slice(Math.max(start, 0))
    .join(' ')
    .replace(/^Error: /, '');
  const plain = said
    .replace(/\s+/g, ' ')
    .replace(/\s*Use --debug flag to render out invalid YAML\s*/, '')
    .trim();
  const missing = /missing in charts\/ directory: ([\w.,\s-]+)/.exec(plain)?.[1]?.trim();
  const calls = plain.split('error calling include:');
  const endless = calls.length > deepest || neverEnding.test(plain);
  const source = placeIn(plain, texts);
  // of a chain of includes the innermost says what is wrong
  const [outer = ''] = calls;
  const inner = calls.length > 1 && !endless ? (calls.at(-1) ?? '').trim() : outer;
  const clean = withoutSecrets(inner, secrets);
  return {
    text: clean === '' ? 'nothing' : clean.length > longest ? `${clean.slice(0, longest)}…` : clean,
    ...(source !== undefined && { source }),
    ...(missing !== undefined && { missing }),
    endless,
  };
}

/** The last place that is named is the innermost. */
function placeIn(text: string, texts: ChartTexts): Source | undefined {
  const named = [...text.matchAll(/([\w./-]+\/(?:templates|crds)\/[^\s:()"<>]+)(?::(\d+))?/g)];
  for (const [, name = '', line] of named.reverse()) {
    const found = texts.texts.get(name);
    if (found === undefined) continue;
    return found.plain && line !== undefined ? { ...found.source, line: Number(line) } : found.source;
  }
  return undefined;
}

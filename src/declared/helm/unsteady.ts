import type { Source } from '../../findings/finding.ts';
import type { ChartText, ChartTexts } from './layout.ts';

/** A call in a template whose result is not the same each time, or elsewhere. */
export interface UnsteadyCall {
  /** `randAlphaNum`, `lookup`, `now`, `.Release.Revision` … */
  word: string;
  source: Source;
}

const words =
  /(?<![\w$.-])(lookup|now|rand(?:AlphaNum|Alpha|Numeric|Ascii|Int|Bytes)|uuidv4|shuffle|gen(?:CA(?:WithKey)?|PrivateKey|SelfSignedCert(?:WithKey)?|SignedCert(?:WithKey)?)|htpasswd|bcrypt|encryptAES|getHostByName)(?![\w-])|(\.Release\.(?:Revision|IsUpgrade|IsInstall)|\.Capabilities\.\w+)/g;
const defining = /^-?\s*define\s+"([^"]+)"/;
const calling = /\b(?:include|template)\s+"([^"]+)"/g;
const including = /\$?\.?Template\.BasePath\s+"([^"]+)"/g;
const mostActions = 200_000;
const mostSteps = 5_000_000;
const mostCalls = 100;
const longest = 20_000;

interface Part {
  calls: UnsteadyCall[];
  /** Names of the parts that it includes. */
  includes: Set<string>;
}

/**
 * Which templates can reach a call that is not steady, by the name that helm gives them: their own, and those of what they
 * include by a fixed name. It only ever explains a difference that was seen; it proves none.
 */
export function unsteadyCalls({ texts }: ChartTexts): Map<string, UnsteadyCall[]> {
  const parts = new Map<string, Part>();
  let budget = mostActions;
  for (const [name, text] of texts) {
    let part = partOf(parts, name);
    for (const each of actionsIn(text.text)) {
      if (--budget < 0) break;
      const defined = defining.exec(each.body)?.[1];
      // what follows a definition is taken for a part of it: more may be suspected so, never less
      if (defined !== undefined) {
        if (!/\/_[^/]*$/.test(name)) part.includes.add(`# ${defined}`);
        part = partOf(parts, `# ${defined}`);
      }
      readAction(part, name, text, each);
    }
  }
  const left = { steps: mostSteps };
  return new Map([...texts.keys()].map(name => [name, reached(parts, name, left)]));
}

function readAction(part: Part, name: string, { source, plain }: ChartText, { body, line }: Action): void {
  for (const found of body.matchAll(words)) {
    const word = found[1] ?? found[2] ?? '';
    if (part.calls.length < mostCalls)
      part.calls.push({ word, source: { ...source, ...(plain && { line }) } });
  }
  for (const found of body.matchAll(calling)) part.includes.add(`# ${found[1]}`);
  const folder = name.slice(0, name.indexOf('/templates/') + '/templates'.length);
  for (const found of body.matchAll(including)) part.includes.add(`${folder}${found[1]}`);
}

interface Action {
  body: string;
  /** Where it begins, from 1. */
  line: number;
}

/** The actions of a template without its comments, found in one pass; what never ends is left out. */
function* actionsIn(text: string): Generator<Action> {
  let line = 1;
  let counted = 0;
  for (let start = text.indexOf('{{'); start !== -1; ) {
    for (; counted < start; counted += 1) if (text[counted] === '\n') line += 1;
    const comment = /^\{\{-?\s*\/\*/.test(text.slice(start, start + 40));
    const inside = comment ? commentEnd(text, start) : actionEnd(text, start + 2);
    if (inside === undefined) return;
    if (!comment) yield { body: text.slice(start + 2, inside).trimStart(), line };
    start = text.indexOf('{{', inside + 2);
  }
}

function commentEnd(text: string, start: number): number | undefined {
  const end = text.indexOf('*/', start);
  const close = end === -1 ? -1 : text.indexOf('}}', end);
  return close === -1 ? undefined : close;
}

/** Where `}}` ends the action, outside of quotes. */
function actionEnd(text: string, from: number): number | undefined {
  let quote = '';
  for (let at = from; at < Math.min(text.length, from + longest); at += 1) {
    const character = text[at] ?? '';
    if (quote !== '') {
      if (character === '\\' && quote === '"') at += 1;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === '`') quote = character;
    else if (character === '}' && text[at + 1] === '}') return at;
  }
  return undefined;
}

function partOf(parts: Map<string, Part>, name: string): Part {
  const part = parts.get(name) ?? { calls: [], includes: new Set() };
  parts.set(name, part);
  return part;
}

/** Its own, and of what it includes the nearest of each word; what is left out once all steps are used up is only not explained. */
function reached(parts: ReadonlyMap<string, Part>, name: string, left: { steps: number }): UnsteadyCall[] {
  const own = parts.get(name)?.calls ?? [];
  const seen = new Set([name]);
  const others = new Map<string, UnsteadyCall>();
  for (const each of seen) {
    const part = parts.get(each);
    for (const call of each === name ? [] : (part?.calls ?? []))
      if (!others.has(call.word)) others.set(call.word, call);
    for (const next of part?.includes ?? []) if (--left.steps > 0) seen.add(next);
  }
  return [...own, ...others.values()];
}

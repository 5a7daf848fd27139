import { LineIndex } from '../../../declared/yaml/lines.ts';
import { locator } from '../../../declared/yaml/locate.ts';
import { maxDepth, ParseFailure, parseDialect } from '../../../declared/yaml/parse.ts';
import { quoted } from '../../../declared/yaml/problem.ts';
import type { FailureCode } from '../../../failure/codes.ts';
import type { Json, JsonObject } from '../../../json/json.ts';
import { isMap } from '../../../json/value.ts';
import { longForm } from './functions.ts';
import { shapeProblems } from './shape.ts';

/** What is wrong with a template, and on which line. `remark`: CloudFormation takes the template all the same. */
export interface TemplateProblem {
  line: number;
  code: FailureCode;
  message: string;
  remark?: boolean;
}

/** A template as CloudFormation reads it: short forms are long forms, merge keys are merged. */
export interface Template {
  body: JsonObject;
  /** The text as it stands in the file, which is what CloudFormation is given and gives back. */
  text: string;
  /** What CloudFormation would refuse, and remarks. Empty for a good template. */
  problems: TemplateProblem[];
  /** The line of a key or item, or of the nearest place above it that is written in the text. */
  lineOf(path: readonly PropertyKey[]): number;
}

/** Inline templates may have 51,200 bytes, those in S3 1 MB. */
export const largestTemplate = 1_000_000;

/**
 * Reads a template in YAML (1.1, as CloudFormation does) or JSON. A text that is neither gives an empty body and one problem.
 * Source of the rules: the CloudFormation User Guide, “Template format” and “Quotas”.
 */
export function readTemplate(bytes: Buffer): Template {
  const problems: TemplateProblem[] = [];
  const unreadable = (line: number, message: string): Template => ({
    body: {},
    text: bytes.toString('utf8'),
    problems: [{ line, code: 'HF1901', message }],
    lineOf: () => line,
  });
  if (bytes.length > largestTemplate) return unreadable(1, 'a template has at most 1 MB');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return unreadable(1, 'it is not UTF-8 text');
  }
  try {
    const { value, source, lines } = parse(text.replaceAll('\r\n', '\n'), problems);
    if (!isMap(value)) return unreadable(1, `a template is a mapping with Resources, not ${kindOf(value)}`);
    const locate = locator(source, maxDepth);
    const lineOf = (path: readonly PropertyKey[]) => lines.lineAt(locate(path));
    problems.push(...shapeProblems(value, lineOf));
    return { body: value, text, problems, lineOf };
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    return unreadable(error.line, error.message);
  }
}

/** YAML 1.1 has them for booleans, but no reader that CloudFormation could be built on: `AttributeType: N` is common. */
const letters = new Set(['y', 'Y', 'n', 'N']);

function parse(text: string, problems: TemplateProblem[]): { value: Json; source: string; lines: LineIndex } {
  const repeated: { key: string; offset: number }[] = [];
  const parsed = parseDialect(asYaml(text), {
    tagged: longForm,
    strings: letters,
    repeated: (key, offset) => repeated.push({ key, offset }),
  });
  const lines = new LineIndex(parsed.source);
  for (const { key, offset } of repeated) {
    const message = `the key ${quoted(key)} is there twice; CloudFormation takes the last one and says nothing`;
    problems.push({ line: lines.lineAt(offset), code: 'HF1902', message, remark: true });
  }
  return { value: parsed.value, source: parsed.source, lines };
}

/** JSON files may be indented with tabs, which YAML forbids: between tokens they mean nothing, so spaces stand for them. */
function asYaml(text: string): string {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  return /^\s*\{/.test(body) ? body.replace(/^[\t ]+/gm, space => ' '.repeat(space.length)) : body;
}

function kindOf(value: Json): string {
  if (value === null) return 'an empty file';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

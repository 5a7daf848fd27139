import { z } from 'zod';
import { isProblem, readDocuments } from '../../../declared/yaml/document.ts';
import { quoted } from '../../../declared/yaml/problem.ts';
import { Failure } from '../../../failure/failure.ts';

/** Values of parameters and tags as CloudFormation takes them: texts. */
type Texts = Record<string, string>;

/** A Git-sync deployment file. Source: the schema of “CloudFormation Git sync” deployment files, which allows no other keys. */
export interface Deployment {
  file: string;
  templatePath: string;
  parameters: Texts;
  tags: Texts;
  /** The line of a key below `parameters` or `tags`, or of the section. */
  lineOf(path: readonly string[]): number;
}

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const list = z.array(scalar).transform(items => items.join(','));
const schema = z.strictObject({
  'template-file-path': z.string().min(1),
  parameters: z.record(z.string(), z.union([scalar, list])).nullish(),
  tags: z.record(z.string(), scalar).nullish(),
});

/** Reads a deployment file. Throws HF1903 with the line of what is wrong. */
export function readDeployment(file: string, bytes: Buffer): Deployment {
  const documents = readDocuments(bytes);
  const [document] = documents;
  const wrong = (line: number, what: string) => new Failure('HF1903', what, { where: { file, line } });
  if (document === undefined) throw wrong(1, 'it is empty');
  if (isProblem(document)) throw wrong(document.line, document.reason);
  if (documents.length > 1) throw wrong(1, 'it holds more than one document');
  const parsed = schema.safeParse(document.value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path ?? [];
    const line = document.lineOfPath(
      issue?.code === 'unrecognized_keys' ? [...path, issue.keys[0] ?? ''] : path,
    );
    throw wrong(line, issueWords(issue));
  }
  const { parameters, tags } = parsed.data;
  return {
    file,
    templatePath: parsed.data['template-file-path'],
    parameters: parameters ?? {},
    tags: tags ?? {},
    lineOf: path => document.lineOfPath(path),
  };
}

function issueWords(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return 'it is no deployment file';
  if (issue.code === 'unrecognized_keys')
    return `it has a key ${issue.keys.map(quoted).join(', ')}: only template-file-path, parameters and tags are known`;
  const at = issue.path.map(String).join('.');
  if (at === 'template-file-path') return 'template-file-path must name the template';
  return at === ''
    ? 'it must be a mapping'
    : `${quoted(at)} must be a text, number or boolean, or for parameters a list of them`;
}

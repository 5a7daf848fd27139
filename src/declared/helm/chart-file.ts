import { z } from 'zod';
import { Failure } from '../../failure/failure.ts';
import { isProblem, readDocuments, type YamlDocument } from '../yaml/document.ts';

const dependency = z.looseObject({
  name: z.string(),
  alias: z.string().optional(),
  repository: z.string().nullish(),
});

/** What of a Chart.yaml (or a requirements.yaml) counts here; helm itself judges the rest. */
const chartSchema = z.looseObject({
  name: z.string().default(''),
  version: z.union([z.string(), z.number()]).default(''),
  type: z.string().nullish(),
  dependencies: z.array(dependency).nullish(),
});

export interface ChartFile {
  name: string;
  version: string;
  isLibrary: boolean;
  dependencies: { name: string; alias?: string | undefined; repository: string; line: number }[];
}

/** Reads a Chart.yaml. Throws HF1805 with the line where it is none. */
export function readChartFile(bytes: Buffer, file: string): ChartFile {
  const [document] = readDocuments(bytes, 'last');
  if (document === undefined) throw new Failure('HF1805', 'it is empty', { where: { file, line: 1 } });
  if (isProblem(document))
    throw new Failure('HF1805', document.reason, { where: { file, line: document.line } });
  const parsed = chartSchema.safeParse(document.value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const line = document.lineOfPath(issue?.path ?? []);
    const what = `${issue?.path.join('.') || 'it'} is not what helm expects (${issue?.message ?? ''})`;
    throw new Failure('HF1805', what, { where: { file, line } });
  }
  const { name, version, type } = parsed.data;
  return {
    name,
    version: String(version),
    isLibrary: type === 'library',
    dependencies: dependenciesOf(parsed.data, document),
  };
}

function dependenciesOf(
  { dependencies }: z.output<typeof chartSchema>,
  document: YamlDocument,
): ChartFile['dependencies'] {
  return (dependencies ?? []).map(({ name, alias, repository }, index) => ({
    name,
    alias,
    repository: repository ?? '',
    line: document.lineOfPath(['dependencies', index]),
  }));
}

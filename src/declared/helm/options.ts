import { z } from 'zod';
import type { Json } from '../../json/json.ts';

// what the reader of YAML gives is JSON
const json = z.unknown() as unknown as z.ZodType<Json>;
const values = z
  .record(z.string(), json)
  .describe('Values, merged over those of the files. `null` takes a default of the chart away, as in Helm.');
const file = z.string().min(1);

const chart = z
  .strictObject({
    repository: z
      .string()
      .regex(/^(https?|oci):\/\/[^\s@]+$/, 'it must be an http, https or oci address without credentials')
      .describe('The chart repository, or the OCI address that the name of the chart is appended to.'),
    name: z.string().regex(/^[A-Za-z0-9][-A-Za-z0-9._]*$/, 'it must be the name of a chart'),
    version: z
      .string()
      .regex(
        /^v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$/,
        'it must be an exact version, such as 6.5.0, and no range',
      ),
    digest: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, 'it must be ‘sha256:’ and 64 hex digits')
      .describe('SHA-256 of the packaged chart (the .tgz); nothing else is ever rendered.'),
    plainHttp: z
      .boolean()
      .optional()
      .describe('Whether an OCI registry is asked over plain HTTP; the digest is checked all the same.'),
  })
  .describe('A chart that is not in the repository. Without it the folder of the unit is the chart.');

const overridable = {
  chart: chart.optional(),
  valuesFiles: z
    .array(file)
    .optional()
    .describe(
      'Files of values, relative to the root of the repository, later ones over earlier ones. values-ENVIRONMENT.yaml in the folder of the unit is read before them.',
    ),
  values: values.optional(),
};

/** The key `helm` of a unit in holdfast.yaml. */
export const helmSchema = z.strictObject({
  ...overridable,
  release: z
    .string()
    .regex(
      /^[a-z0-9]([-a-z0-9.]{0,51}[a-z0-9])?$/,
      'it must be made of lower-case letters, digits, dots and dashes, 53 at most',
    )
    .optional()
    .describe(
      'The name of the release; that of the unit if left out (of its folder where no unit is named here).',
    ),
  crds: z.boolean().optional().describe('Whether what is in crds/ is declared as well; true if left out.'),
  apply: z
    .enum(['helm', 'server-side'])
    .optional()
    .describe(
      'How it is converged: by `helm upgrade --install` with its history, or by server-side apply without a release record. `helm` if left out.',
    ),
  createNamespace: z
    .boolean()
    .optional()
    .describe('Whether helm makes the namespace; else it must be there, or be declared.'),
  historyMax: z.int().min(2).max(100).optional().describe('How many revisions helm keeps; 10 if left out.'),
  secretValues: z
    .array(z.string().min(1))
    .optional()
    .describe(
      'Globs over the paths of values that are secret, such as `auth.*`; beside those whose name says so and those that values.schema.json marks as writeOnly or as a password.',
    ),
});

export const helmOverrideSchema = z.strictObject(overridable);

export type HelmOptions = z.output<typeof helmSchema>;
export type HelmOverride = z.output<typeof helmOverrideSchema>;
export type ChartReference = z.output<typeof chart>;

/** What holdfast.yaml says of a release, with the part of the environment laid over it. */
export interface HelmSettings extends HelmOptions {
  /** The values of the file and, over them, those of the environment. */
  inline: readonly InlineValues[];
}

/** Values that stand in holdfast.yaml itself. */
export interface InlineValues {
  values: { [key: string]: Json };
  /** The line of holdfast.yaml that says what is at a path of the values. */
  lineOf(path: readonly PropertyKey[]): number;
}

/** Lays what is said for one environment over the rest: files are added, a chart replaces the other, values are merged later. */
export function helmSettings(
  options: HelmOptions | undefined,
  override: HelmOverride | undefined,
  lineOf: (part: 'helm' | 'override', path: readonly PropertyKey[]) => number,
): HelmSettings | undefined {
  if (options === undefined && override === undefined) return undefined;
  const inline = (['helm', 'override'] as const).flatMap((part): InlineValues[] => {
    const given = (part === 'helm' ? options : override)?.values;
    return given === undefined ? [] : [{ values: given, lineOf: path => lineOf(part, ['values', ...path]) }];
  });
  const { values: _values, ...rest } = { ...options, ...override };
  const valuesFiles = [...(options?.valuesFiles ?? []), ...(override?.valuesFiles ?? [])];
  return { ...rest, valuesFiles, inline };
}

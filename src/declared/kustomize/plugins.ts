import type { JsonObject } from '../../json/json.ts';
import { quoted } from '../yaml/problem.ts';
import { pluginFields } from './fields.ts';
import { dataReferences, one, type Reference } from './references.ts';

const programs = 'runs a program or a container, which is not allowed';

/** Builtin kinds that name no file or only in fields that are read here (kustomize, api/internal/plugins/builtinhelpers). */
const builtin = new Set([
  'AnnotationsTransformer',
  'ConfigMapGenerator',
  'HashTransformer',
  'IAMPolicyGenerator',
  'ImageTagTransformer',
  'LabelTransformer',
  'LegacyOrderTransformer',
  'NamespaceTransformer',
  'PatchJson6902Transformer',
  'PatchStrategicMergeTransformer',
  'PatchTransformer',
  'PrefixSuffixTransformer',
  'PrefixTransformer',
  'ReplacementTransformer',
  'ReplicaCountTransformer',
  'SecretGenerator',
  'SortOrderTransformer',
  'SuffixTransformer',
  'ValueAddTransformer',
]);

/** The files that a configured generator or transformer names, or why it is not run. */
export function pluginReferences(config: JsonObject): Reference[] | string {
  const parsed = pluginFields.safeParse(config);
  if (!parsed.success) return 'configures a generator or transformer in a way that is not understood';
  const { apiVersion, kind, metadata, ...fields } = parsed.data;
  const functions = Object.keys(metadata?.annotations ?? {}).some(key =>
    /(^|\.)kubernetes\.io\/function$/.test(key),
  );
  if (functions) return programs;
  if (kind === 'HelmChartInflationGenerator')
    return 'inflates a Helm chart, which kustomize is not allowed to do here';
  if (apiVersion !== 'builtin') return `${programs}: ${quoted(`${apiVersion} ${kind}`)}`;
  if (!builtin.has(kind)) return `uses ${quoted(kind)}, which is not known here`;
  return [
    ...one(fields.path, ['path']),
    ...(fields.paths ?? []).map((text, index): Reference => ({ text, as: 'patch', at: ['paths', index] })),
    ...dataReferences(fields, []),
    ...(fields.replacements ?? []).flatMap(({ path }, index) => one(path, ['replacements', index, 'path'])),
  ];
}

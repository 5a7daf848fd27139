import { z } from 'zod';

const text = z.string();
const texts = z.array(text).nullish();
/** A field that names no file, whatever it holds: kustomize itself checks it. */
const pathless = z.unknown().optional();

const generator = z.strictObject({
  name: pathless,
  namespace: pathless,
  behavior: pathless,
  type: pathless,
  literals: pathless,
  options: pathless,
  emitStringData: pathless,
  files: texts,
  envs: texts,
  env: text.nullish(),
});

const patch = z.strictObject({
  path: text.nullish(),
  patch: pathless,
  target: pathless,
  options: pathless,
});

const replacement = z.strictObject({
  path: text.nullish(),
  source: pathless,
  sourceValue: pathless,
  targets: pathless,
});

const openapi = z.strictObject({ path: text.nullish(), version: pathless });

/**
 * A kustomization as far as it names files (kustomize, api/types/kustomization.go). A key that is not known here is an error
 * wherever a path may stand, since kustomize takes `Files` for `files` as well: what is not understood is not run.
 */
export const kustomizationFields = z.strictObject({
  apiVersion: pathless,
  kind: pathless,
  metadata: pathless,
  openapi: openapi.nullish(),
  namePrefix: pathless,
  nameSuffix: pathless,
  namespace: pathless,
  commonLabels: pathless,
  labels: pathless,
  commonAnnotations: pathless,
  patchesStrategicMerge: texts,
  patchesJson6902: z.array(patch).nullish(),
  patches: z.array(patch).nullish(),
  images: pathless,
  imageTags: pathless,
  replacements: z.array(replacement).nullish(),
  replicas: pathless,
  vars: pathless,
  sortOptions: pathless,
  resources: texts,
  components: texts,
  crds: texts,
  bases: texts,
  configMapGenerator: z.array(generator).nullish(),
  secretGenerator: z.array(generator).nullish(),
  generatorOptions: pathless,
  configurations: texts,
  generators: texts,
  transformers: texts,
  validators: texts,
  helmGlobals: pathless,
  helmCharts: z.array(z.unknown()).nullish(),
  helmChartInflationGenerator: z.array(z.unknown()).nullish(),
  inventory: pathless,
  buildMetadata: z.array(text).nullish(),
});

export type Kustomization = z.output<typeof kustomizationFields>;

/** A builtin generator or transformer configured in a file of its own, as far as it names files. */
export const pluginFields = z.object({
  apiVersion: text,
  kind: text,
  metadata: z.object({ annotations: z.record(text, z.unknown()).nullish() }).nullish(),
  path: text.nullish(),
  paths: texts,
  files: texts,
  envs: texts,
  env: text.nullish(),
  replacements: z.array(z.object({ path: text.nullish() })).nullish(),
});

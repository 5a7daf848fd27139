import type { ReleaseFiles, ReleasePlan } from './plan.ts';
import type { Installable } from './release.ts';

/** Puts all that helm is given into one folder: the chart, and each layer of values as a file of its own, in their order. */
export function installable({ definition }: ReleasePlan, files: ReleaseFiles): Installable {
  const copies = new Map<string, Buffer>();
  if (files.archive !== undefined) copies.set('chart.tgz', files.archive);
  else for (const [path, bytes] of files.files) copies.set(`chart/${path}`, bytes);
  const args = files.archive === undefined ? ['chart'] : ['chart.tgz'];
  for (const [index, { values }] of files.layers.entries()) {
    const name = `values-${index}.json`;
    copies.set(name, Buffer.from(JSON.stringify(values)));
    args.push('-f', name);
  }
  if (definition.helm?.crds === false) args.push('--skip-crds');
  return { files: copies, args };
}

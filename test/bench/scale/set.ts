/** How many units, and objects in each. */
export interface Size {
  units: number;
  objects: number;
}

export const namespaceOf = (unit: number): string => `unit-${unit}`;
export const nameOf = (index: number): string => `object-${index}`;

/** As much as an object of the kind usually holds. */
export const dataOf = (index: number): Record<string, string> => ({
  value: 'declared',
  settings: `index: ${index}\n${'some: words\n'.repeat(10)}`,
});

/** What a repository declares: one folder for each unit, in a namespace of its own. */
export function filesOf({ units, objects }: Size): Record<string, string> {
  const files: Record<string, string> = {};
  for (let unit = 0; unit < units; unit += 1) {
    const items = Array.from({ length: objects }, (_, index) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: nameOf(index), namespace: namespaceOf(unit) },
      data: dataOf(index),
    }));
    files[`manifests/${namespaceOf(unit)}/all.json`] = JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items,
    });
  }
  return files;
}

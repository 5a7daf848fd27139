import type { Settings } from '../settings.ts';
import { normalFolder } from '../units/paths.ts';
import { quoted } from '../yaml/problem.ts';

export interface Contradiction {
  path: PropertyKey[];
  message: string;
}

/** Mistakes in holdfast.yaml that a schema cannot see: names used twice, unknown environments, folders outside of the tree. */
export function contradictions(settings: Settings): Contradiction[] {
  return [
    ...repeatedNames(settings),
    ...settings.units.flatMap((unit, index) => unitMistakes(settings, unit, index)),
  ];
}

function repeatedNames({ units, environments }: Settings): Contradiction[] {
  const found: Contradiction[] = [];
  for (const [index, { name }] of units.entries()) {
    if (units.findIndex(unit => unit.name === name) === index) continue;
    found.push({ path: ['units', index, 'name'], message: `two units are called ${quoted(name)}` });
  }
  for (const [index, name] of environments.entries()) {
    if (environments.indexOf(name) === index) continue;
    found.push({ path: ['environments', index], message: `the environment ${quoted(name)} is listed twice` });
  }
  return found;
}

function unitMistakes(settings: Settings, unit: Settings['units'][number], index: number): Contradiction[] {
  const found: Contradiction[] = [];
  const known = (name: string) => settings.environments.includes(name);
  if (normalFolder(unit.path) === undefined) {
    found.push({
      path: ['units', index, 'path'],
      message: `${quoted(unit.path)} leads out of the repository`,
    });
  }
  found.push(...helmMistakes(unit, index));
  if (unit.driver !== 'kubernetes' && unit.driver !== 'helm') {
    for (const path of set(unit, index, 'manages'))
      found.push({ path, message: `a unit of the driver ${unit.driver} manages no namespaces` });
  }
  if (unit.driver === 'kubernetes' || unit.driver === 'helm') {
    for (const path of set(unit, index, 'schedule'))
      found.push({ path, message: `a unit of the driver ${unit.driver} is watched and has no schedule` });
  }
  for (const [at, name] of (unit.environments ?? []).entries()) {
    if (!known(name)) found.push({ path: ['units', index, 'environments', at], message: unlisted(name) });
  }
  for (const name of Object.keys(unit.overrides ?? {})) {
    if (!known(name)) found.push({ path: ['units', index, 'overrides', name], message: unlisted(name) });
  }
  return found;
}

function helmMistakes(unit: Settings['units'][number], index: number): Contradiction[] {
  const parts = [
    { helm: unit.helm, path: ['units', index, 'helm'] },
    ...Object.entries(unit.overrides ?? {}).map(([name, { helm }]) => ({
      helm,
      path: ['units', index, 'overrides', name, 'helm'],
    })),
  ];
  return parts.flatMap(({ helm, path }) => {
    if (helm === undefined) return [];
    if (unit.driver !== 'helm')
      return [{ path, message: `a unit of the driver ${unit.driver} has no release` }];
    return (helm.valuesFiles ?? []).flatMap((file, at) =>
      normalFolder(file) === undefined
        ? [{ path: [...path, 'valuesFiles', at], message: `${quoted(file)} leads out of the repository` }]
        : [],
    );
  });
}

/** Where a unit says something, by itself or for an environment. */
function set(unit: Settings['units'][number], index: number, key: 'manages' | 'schedule'): PropertyKey[][] {
  const overriding = Object.entries(unit.overrides ?? {}).filter(
    ([, override]) => override[key] !== undefined,
  );
  return [
    ...(unit[key] === undefined ? [] : [['units', index, key]]),
    ...overriding.map(([name]) => ['units', index, 'overrides', name, key]),
  ];
}

function unlisted(name: string): string {
  return `${quoted(name)} is not among the environments of the file`;
}

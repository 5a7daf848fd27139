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
  found.push(...driverMistakes(unit, index));
  for (const { path, text } of pathsIn(unit, index)) {
    if (normalFolder(text) === undefined)
      found.push({ path, message: `${quoted(text)} leads out of the repository` });
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

/** What is set for a unit and means nothing for its driver. */
function driverMistakes(unit: Settings['units'][number], index: number): Contradiction[] {
  const { driver } = unit;
  const watched = driver === 'kubernetes' || driver === 'helm';
  const wrong = [
    {
      key: 'manages',
      is: driver !== 'kubernetes' && driver !== 'helm',
      message: `a unit of the driver ${driver} manages no namespaces`,
    },
    {
      key: 'schedule',
      is: watched,
      message: `a unit of the driver ${driver} is watched and has no schedule`,
    },
    ...(['terraform', 'ansible'] as const).map(key => ({
      key,
      is: driver !== key,
      message: `it is for units of the driver ${key}, and this is one of ${driver}`,
    })),
  ] as const;
  return wrong
    .filter(({ is }) => is)
    .flatMap(({ key, message }) => set(unit, index, key).map(path => ({ path, message })));
}

/** Where a unit says something, by itself or for an environment. */
function set(
  unit: Settings['units'][number],
  index: number,
  key: 'manages' | 'schedule' | 'terraform' | 'ansible' | 'cloudformation',
): PropertyKey[][] {
  const overriding = Object.entries(unit.overrides ?? {}).filter(
    ([, override]) => override[key] !== undefined,
  );
  return [
    ...(unit[key] === undefined ? [] : [['units', index, key]]),
    ...overriding.map(([name]) => ['units', index, 'overrides', name, key]),
  ];
}

/** Every path beside its folder that a unit names, by itself or for an environment. */
function pathsIn(unit: Settings['units'][number], index: number): { path: PropertyKey[]; text: string }[] {
  const own = { at: ['units', index], settings: unit };
  const overriding = Object.entries(unit.overrides ?? {}).map(([name, settings]) => ({
    at: ['units', index, 'overrides', name],
    settings,
  }));
  return [own, ...overriding].flatMap(
    ({ at, settings: { terraform = {}, ansible = {}, cloudformation = {} } }) => {
      const { playbook } = ansible;
      const lists: [PropertyKey[], readonly string[] | undefined][] = [
        [['terraform', 'varFiles'], terraform.varFiles],
        [['terraform', 'backendConfig'], terraform.backendConfig],
        [['terraform', 'paths'], terraform.paths],
        [['ansible', 'inventory'], ansible.inventory],
        [['ansible', 'paths'], ansible.paths],
        [
          ['cloudformation', 'deployment'],
          cloudformation.deployment === undefined ? undefined : [cloudformation.deployment],
        ],
        [['ansible', 'playbook'], playbook === undefined ? undefined : [playbook]],
      ];
      return lists.flatMap(([keys, texts]) => (texts ?? []).map(text => ({ path: [...at, ...keys], text })));
    },
  );
}

function unlisted(name: string): string {
  return `${quoted(name)} is not among the environments of the file`;
}

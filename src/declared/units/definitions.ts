import type { LoadedSettings } from '../config/load.ts';
import type { UnitDefinition } from '../declaration.ts';
import { helmSettings } from '../helm/options.ts';
import { choiceIsMade } from '../kustomize/roots.ts';
import type { Settings } from '../settings.ts';
import type { SourceTree } from '../tree.ts';
import { conventionalUnits, freeName } from './conventions.ts';
import { isWithin } from './paths.ts';

type Overrides = NonNullable<Settings['units'][number]['overrides']>;
type Override = Overrides[string];

/**
 * All units that run in an environment, by name: those that holdfast.yaml names, and those by convention whose folder is in
 * none of them, and of whose kustomizations none is such a unit. `environment` undefined means that none is asked for; then no unit may depend on one (see `loadSettings`).
 */
export async function unitDefinitions(
  tree: SourceTree,
  loaded: LoadedSettings,
  options: { name: string; environment?: string | undefined },
): Promise<UnitDefinition[]> {
  const { units } = loaded.settings;
  const explicit = units.map((unit, index) => {
    const override = overrideOf(unit.overrides, options.environment);
    const namespace = override?.namespace ?? unit.namespace;
    const manages = override?.manages ?? unit.manages;
    const definition: UnitDefinition = { name: unit.name, driver: unit.driver, path: unit.path };
    if (namespace !== undefined) definition.namespace = namespace;
    if (manages !== undefined) definition.manages = manages;
    const schedule = override?.schedule ?? unit.schedule;
    if (schedule !== undefined) definition.schedule = schedule;
    const helm = helmSettings(unit.helm, override?.helm, (part, path) => {
      const at = part === 'helm' ? ['helm'] : ['overrides', options.environment ?? '', 'helm'];
      return loaded.lineOf(['units', index, ...at, ...path]);
    });
    if (helm !== undefined) definition.helm = helm;
    const terraform = together(unit.terraform, override?.terraform);
    if (terraform !== undefined) definition.terraform = terraform;
    const ansible = together(unit.ansible, override?.ansible);
    if (ansible !== undefined) definition.ansible = ansible;
    const cloudformation = together(unit.cloudformation, override?.cloudformation);
    if (cloudformation !== undefined) definition.cloudformation = cloudformation;
    definition.source = { file: 'holdfast.yaml', line: loaded.lineOf(['units', index]) };
    return { definition, runs: runsIn(unit.environments, options.environment) };
  });
  const paths = units.map(unit => unit.path);
  const taken = new Set(units.map(unit => unit.name));
  const conventional = (await conventionalUnits(tree, options.name, loaded.exists))
    .filter(({ path }) => !units.some(unit => isWithin(path, unit.path)) && !choiceIsMade(tree, path, paths))
    .map(unit => ({ ...unit, name: freeName(unit.name, unit.driver, taken) }));
  return [...explicit.filter(({ runs }) => runs).map(({ definition }) => definition), ...conventional].sort(
    (a, b) => (a.name < b.name ? -1 : 1),
  );
}

/** What is set for the environment goes before what is set for all. */
function together<T extends object>(all: T | undefined, here: T | undefined): T | undefined {
  return all === undefined && here === undefined ? undefined : ({ ...all, ...here } as T);
}

function overrideOf(overrides: Overrides | undefined, environment: string | undefined): Override | undefined {
  if (overrides === undefined || environment === undefined || !Object.hasOwn(overrides, environment))
    return undefined;
  return overrides[environment];
}

function runsIn(environments: string[] | undefined, environment: string | undefined): boolean {
  return environments === undefined || (environment !== undefined && environments.includes(environment));
}

import type { UnitDefinition } from '../declaration.ts';
import { unitName } from '../units/conventions.ts';
import { baseName } from '../units/paths.ts';

/** As holdfast.yaml says, else the name of the unit; of a unit by convention that of its folder. */
export function releaseName({ helm, name, path, source }: UnitDefinition): string {
  return helm?.release ?? (source === undefined && path !== '.' ? unitName(baseName(path)) : name);
}

import { readFileSync } from 'node:fs';
import { Failure } from '../../failure/failure.ts';
import { secretNames } from './variables.ts';

/** The environment with what the `_FILE` variables name read; an empty variable counts as none. Throws HF1001 on a file that cannot be read. */
export function withSecretFiles(
  environment: Record<string, string | undefined>,
): Record<string, string | undefined> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  for (const name of secretNames) {
    const file = given[`${name}_FILE`];
    if (file === undefined) continue;
    try {
      given[name] = readFileSync(file, 'utf8').trim();
    } catch (error) {
      throw new Failure('HF1001', `${name}_FILE names ${file}, which cannot be read`, { cause: error });
    }
  }
  return given;
}

/** Every secret of an environment that can be told, whether or not the environment as a whole is of use. Never throws. */
export function secretsIn(environment: Readonly<Record<string, string | undefined>>): string[] {
  return secretNames.flatMap(name => {
    const file = environment[`${name}_FILE`];
    return [environment[name], file === undefined ? undefined : textOf(file)].filter(
      text => text !== undefined,
    );
  });
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

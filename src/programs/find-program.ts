import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { Failure } from '../failure/failure.ts';

/**
 * The path of a program: the one that the environment variable `variable` names, else the first of `names` that a folder of
 * PATH holds. Undefined when there is none. Throws HF1005 when what is named cannot be run.
 */
export async function findProgram(
  variable: string,
  names: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const named = environment[variable];
  if (named !== undefined && named !== '') {
    const where = { subject: named };
    if (!isAbsolute(named)) throw new Failure('HF1005', `${variable} is not an absolute path`, { where });
    if (!(await canRun(named)))
      throw new Failure('HF1005', `${variable} names no program that can be run`, { where });
    return named;
  }
  for (const name of names) {
    for (const folder of (environment['PATH'] ?? '').split(delimiter)) {
      if (isAbsolute(folder) && (await canRun(join(folder, name)))) return join(folder, name);
    }
  }
  return undefined;
}

async function canRun(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

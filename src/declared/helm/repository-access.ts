import { access, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { Failure } from '../../failure/failure.ts';
import type { Workspace } from '../../programs/workspace.ts';
import { isProblem, readDocuments } from '../yaml/document.ts';

/** What `helm repo add` writes. */
const configSchema = z.looseObject({
  repositories: z.array(z.looseObject({ url: z.string() })).nullish(),
});

/** The file with credentials that a variable names, as an absolute path. Throws HF1803 where it cannot be read. */
export async function credentialsFile(
  variable: string,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const named = environment[variable];
  if (named === undefined || named === '') return undefined;
  const file = resolve(named);
  try {
    await access(file);
    return file;
  } catch {
    throw new Failure('HF1803', `the file that ${variable} names cannot be read`);
  }
}

/**
 * The repository of this address in the file that HOLDFAST_HELM_REPOSITORY_CONFIG names, alone in a file of its own; undefined
 * where it is not in there. Throws HF1803; the message holds nothing of the file.
 */
export async function repositoryEntry(
  url: string,
  { home }: Pick<Workspace, 'home'>,
  environment: NodeJS.ProcessEnv,
): Promise<{ name: string; file: string } | undefined> {
  const variable = 'HOLDFAST_HELM_REPOSITORY_CONFIG';
  const given = await credentialsFile(variable, environment);
  if (given === undefined) return undefined;
  const [document] = readDocuments(await readFile(given));
  const parsed = configSchema.safeParse(
    document === undefined || isProblem(document) ? undefined : document.value,
  );
  if (!parsed.success)
    throw new Failure('HF1803', `the file that ${variable} names is no list of repositories`);
  const same = (other: string) => other.replace(/\/+$/, '') === url.replace(/\/+$/, '');
  const entry = parsed.data.repositories?.find(each => same(each.url));
  if (entry === undefined) return undefined;
  const file = join(home, 'repositories.yaml');
  const own = { apiVersion: '', repositories: [{ ...entry, name: 'pinned' }] };
  await writeFile(file, JSON.stringify(own), { mode: 0o600 });
  return { name: 'pinned', file };
}

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { environmentOf, membersOf, signalGroup } from './groups.ts';
import { isAlive, type ProcessIdentity } from './identity.ts';
import { removeFolder } from './removal.ts';

/** Set in every child's environment to the name of its workplace, so that it is known again when all else is lost. */
export const MARKER = 'HOLDFAST_SANDBOX_WORKPLACE';

const identitySchema = z.object({ pid: z.int().min(2), start: z.string().min(1) });
const ownerSchema = identitySchema.extend({ label: z.string() });

/** A workplace that was found on disk. */
export interface FoundWorkplace {
  dir: string;
  name: string;
  /** The process that opened it; undefined when that was never written down. */
  owner: (ProcessIdentity & { label: string }) | undefined;
}

/** The workplaces in a folder, whoever owns them. */
export function findWorkplaces(folder: string): FoundWorkplace[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => ({ dir: join(folder, name), name, owner: readOwner(join(folder, name)) }));
}

/**
 * Removes the workplaces whose owner no longer runs, and first whatever still runs of them. Returns the names of those that are
 * gone; one that cannot be removed stays for the next call. A living owner's workplace is never touched, nor a process whose
 * start differs from what was written down.
 */
export function removeStaleWorkplaces(folder: string, remove = removeFolder): string[] {
  return findWorkplaces(folder)
    .filter(isStale)
    .filter(workplace => {
      killLeftovers(workplace);
      return remove(workplace.dir);
    })
    .map(workplace => workplace.name);
}

/** A folder without a readable owner is either being made this moment, or was left half made. */
function isStale({ dir, owner }: FoundWorkplace): boolean {
  if (owner !== undefined) return !isAlive(owner);
  const age = Date.now() - (statSync(dir, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  return age > 60_000;
}

/** Kills the groups that a workplace wrote down and that are still its own. */
export function killLeftovers({ dir, name }: FoundWorkplace): void {
  for (const leader of readProcesses(dir)) {
    if (isAlive(leader) || groupBears(leader.pid, name)) signalGroup(leader.pid, 'SIGKILL');
  }
}

/**
 * Whether a group whose leader is gone still has a member that bears the workplace's name in its environment. Without a
 * leader there is no start to compare; a group that only has the same number does not bear the name. Linux only.
 */
function groupBears(group: number, workplace: string): boolean {
  if (process.platform !== 'linux') return false;
  return membersOf(group).some(pid => environmentOf(pid).includes(`${MARKER}=${workplace}`));
}

function readOwner(dir: string): FoundWorkplace['owner'] {
  return ownerSchema.safeParse(parseJson(readText(join(dir, 'owner.json')))).data;
}

function readProcesses(dir: string): ProcessIdentity[] {
  return readText(join(dir, 'processes.jsonl'))
    .split('\n')
    .flatMap(line => identitySchema.safeParse(parseJson(line)).data ?? []);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

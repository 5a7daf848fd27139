import { chmodSync, readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { Limit } from '../../concurrency/limit.ts';
import type { DeclaredUnit } from '../../declared/declaration.ts';
import { normalFolder } from '../../declared/units/paths.ts';
import { Failure } from '../../failure/failure.ts';
import { runChild } from '../../programs/child.ts';
import { type Environment, type Purpose, secretsOf } from '../../programs/environment.ts';
import { memoryFolder } from '../../programs/memory.ts';
import { type RunEnd, runToEnd } from '../../programs/to-end.ts';
import { createWorkspace, type Workspace } from '../../programs/workspace.ts';
import { errorsIn, failureOf, type Here, lockFailure, lockHolder } from './messages.ts';
import { readPlan, type TerraformPlan } from './plan-file.ts';
import { childEnvironment, findTerraform } from './program.ts';

export interface SessionOptions {
  environment: Environment;
  purpose: Purpose;
  /** How many run `init` with one plugin cache: it must not be filled by two at once. */
  initializing: Limit;
  signal?: AbortSignal | undefined;
}

export const limits = {
  /** Each command but apply. */
  timeMs: 15 * 60_000,
  applyMs: 2 * 3_600_000,
  /** After it was asked to end; apply is never killed. */
  graceMs: 120_000,
  /** Of each Go program: Terraform itself and each provider (the AWS provider takes about 440 MB). */
  memoryBytes: 1024 * 1024 * 1024,
  showBytes: 256 * 1024 * 1024,
};

/** One private copy of a module, initialized, in which it is planned and applied. */
export interface Session {
  /** A fresh plan, kept in memory alone. Throws HF20xx. */
  plan(): Promise<TerraformPlan>;
  /** Carries out the plan that was made last. */
  apply(onLine: (line: string) => void): Promise<RunEnd>;
  /** The error of a run that failed. */
  failure(end: RunEnd, code: 'HF2002' | 'HF2003' | 'HF2006'): Failure;
  close(): Promise<void>;
}

/** Copies the module out of its tree and initializes it. Throws HF20xx; then nothing is left. */
export async function openSession(unit: DeclaredUnit, options: SessionOptions): Promise<Session> {
  const { environment, purpose, signal } = options;
  const { name, path, terraform = {} } = unit.definition;
  const program = findTerraform(environment);
  const role = purpose === 'plan' ? terraform.planRole : terraform.applyRole;
  const given = childEnvironment(environment, { purpose, program, unit: name, role });
  const workspace = await createWorkspace(await filesOf(unit));
  const memory = memoryFolder(name);
  const planFile = join(memory.path, 'plan');
  const folder = path === '.' ? workspace.tree : join(workspace.tree, path);
  const child = {
    HOME: workspace.home,
    TMPDIR: workspace.home,
    // The address space of a Go program says nothing of what it uses; its runtime keeps to this.
    GOMEMLIMIT: `${limits.memoryBytes / 1024 / 1024}MiB`,
    ...given,
    ...(terraform.workspace === undefined ? {} : { TF_WORKSPACE: terraform.workspace }),
  };
  const inTree = (file: string) => join(workspace.tree, normalFolder(file) ?? '');
  const lockSeconds = terraform.lockTimeoutSeconds ?? (purpose === 'plan' ? 10 : 120);
  const clean = cleaner(workspace, memory.path, secretsOf(given));
  const run = (args: string[], more: Partial<Parameters<typeof runToEnd>[0]> = {}) =>
    runToEnd({ program, args, folder, environment: child, output: memory.path, signal, ...limits, ...more });
  const session: Session = {
    plan: async () => {
      const files = (terraform.varFiles ?? []).map(file => `-var-file=${inTree(file)}`);
      const end = await run([
        ...['plan', '-json', '-input=false', '-detailed-exitcode', `-lock-timeout=${lockSeconds}s`],
        ...[`-out=${planFile}`, ...files],
      ]);
      if (end.by !== 'itself' || (end.exitCode !== 0 && end.exitCode !== 2))
        throw session.failure(end, 'HF2003');
      chmodSync(planFile, 0o600);
      return readPlan(await show());
    },
    apply: onLine =>
      run(['apply', '-json', '-input=false', `-lock-timeout=${lockSeconds}s`, planFile], {
        timeMs: limits.applyMs,
        graceMs: undefined,
        onLine,
      }),
    failure: (end, code) =>
      failureIn(end, code, {
        folder: path,
        clean,
        here: { who: `${userInfo().username}@${hostname()}`, working: memory.othersWork() },
      }),
    close: async () => {
      memory.remove();
      await workspace.remove();
    },
  };

  async function show(): Promise<string> {
    // Its output has secrets, so it goes through a pipe and never to a disk.
    const end = await runChild(
      program,
      ['show', '-json', planFile],
      { folder, environment: child },
      {
        timeMs: limits.timeMs,
        outputBytes: limits.showBytes,
        memoryBytes: 64 * limits.memoryBytes,
      },
    );
    if (end.by === 'itself' && end.exitCode === 0) return end.stdout.toString('utf8');
    throw new Failure(
      'HF2008',
      clean(end.by === 'itself' ? end.stderr.slice(0, 600) : `it used up its limit of ${end.by}`),
    );
  }

  try {
    await options.initializing.run(async () => {
      const backend = (terraform.backendConfig ?? []).map(file => `-backend-config=${inTree(file)}`);
      const lockFile = await hasLockFile(unit);
      const end = await run([
        ...['init', '-json', '-input=false', '-no-color', ...(lockFile ? ['-lockfile=readonly'] : [])],
        ...backend,
      ]);
      if (end.by !== 'itself' || end.exitCode !== 0) throw session.failure(end, 'HF2002');
    });
    checkBackend(folder, path);
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Whether the providers' versions and hashes are committed with the module. */
async function hasLockFile({ definition: { path }, sources }: DeclaredUnit): Promise<boolean> {
  const file = path === '.' ? '.terraform.lock.hcl' : `${path}/.terraform.lock.hcl`;
  return sources?.files.some(one => one.path === file) === true;
}

async function filesOf({ sources }: DeclaredUnit): Promise<Map<string, Buffer>> {
  if (sources === undefined) return new Map();
  return sources.tree.read((sources.reached ?? sources.files).map(({ path }) => path));
}

function failureIn(
  end: RunEnd,
  code: 'HF2002' | 'HF2003' | 'HF2006',
  { folder, clean, here }: { folder: string; clean: (text: string) => string; here: Here },
): Failure {
  if (end.by === 'time') return new Failure('HF2007', 'it did not end in time, and was asked to');
  if (end.by === 'output') return new Failure('HF2007', 'it printed more than 64 MiB');
  if (end.by === 'signal') return new Failure(code, 'it was asked to end before it was done');
  const errors = errorsIn(end.stdout);
  for (const error of errors) {
    const holder = lockHolder(error);
    if (holder !== undefined) return lockFailure(holder, here);
  }
  const otherwise =
    end.exitCode === null
      ? 'it was ended from outside, or could not be started'
      : `it ended with ${end.exitCode}: ${(end.stderr || end.stdout).trim().slice(-500)}`;
  return failureOf(code, errors, { folder, clean, otherwise });
}

/** What Terraform itself wrote down of the backend. */
const backendSchema = z.object({
  backend: z
    .object({ type: z.string(), config: z.object({ path: z.string().nullish() }).nullish() })
    .nullish(),
});

/** A state within the private copy would be gone with it, and everything that the module made be made again. */
function checkBackend(folder: string, path: string): void {
  const where = { where: { file: path } };
  let text: string;
  try {
    text = readFileSync(join(folder, '.terraform', 'terraform.tfstate'), 'utf8');
  } catch {
    throw new Failure('HF2010', 'it names no backend', where);
  }
  const backend = backendSchema.safeParse(JSON.parse(text)).data?.backend;
  if (backend?.type === 'local' && !isAbsolute(backend.config?.path ?? ''))
    throw new Failure('HF2010', 'its backend `local` has no absolute path', where);
}

function cleaner(workspace: Workspace, memory: string, secrets: readonly string[]): (text: string) => string {
  return text =>
    secrets.reduce(
      (cleaned, secret) => cleaned.replaceAll(secret, '(secret)'),
      workspace.clean(text).replaceAll(memory, ''),
    );
}

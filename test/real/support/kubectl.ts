import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { type CommandResult, runCommand } from '../../../sandbox/processes/run.ts';
import { waitUntil } from './wait-until.ts';

/** Runs kubectl as administrator of the shared control plane; never throws for what kubectl says. */
export function kubectl(...args: string[]): Promise<CommandResult> {
  return kubectlWith({}, ...args);
}

/** As `kubectl`, with text on stdin (for `-f -`) or as another user's kubeconfig. */
export function kubectlWith(
  options: { stdin?: string; kubeconfig?: string },
  ...args: string[]
): Promise<CommandResult> {
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    KUBECONFIG: options.kubeconfig ?? inject('kubeconfig'),
  };
  return runCommand(inject('kubectl'), args, {
    env,
    ...(options.stdin === undefined ? {} : { stdin: options.stdin }),
  });
}

/** As `kubectl`, but a failure is thrown with what kubectl said. Returns stdout. */
export async function mustKubectl(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await kubectl(...args);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr}`);
  return stdout;
}

/** Applies manifests (YAML or JSON text), server-side; a failure is thrown. */
export async function applyManifests(manifests: string, ...args: string[]): Promise<void> {
  const { code, stderr } = await bringWith(manifests, 'apply', '--server-side', ...args);
  if (code !== 0) throw new Error(`kubectl apply ended with ${code}: ${stderr}`);
}

/**
 * Runs `kubectl ARGS -f -` with manifests on stdin. The server announces a kind a moment after its definition is established:
 * until then kubectl knows no such kind, and is run again.
 */
export async function bringWith(manifests: string, ...args: string[]): Promise<CommandResult> {
  let result: CommandResult | undefined;
  const known = async () => {
    result = await kubectlWith({ stdin: manifests }, ...args, '-f', '-');
    return (
      result.code === 0 || !/no matches for kind|could not find the requested resource/.test(result.stderr)
    );
  };
  await waitUntil('that all kinds are announced', known, 30_000).catch(() => undefined);
  if (result === undefined) throw new Error('kubectl was not run');
  return result;
}

/** One object as the server has it, or undefined when it is not there. `kind` as kubectl takes it. */
export async function readObject(
  kind: string,
  name: string,
  namespace?: string,
): Promise<Record<string, unknown> | undefined> {
  const where = namespace === undefined ? [] : ['-n', namespace];
  const { code, stdout, stderr } = await kubectl(
    'get',
    kind,
    name,
    ...where,
    '-o',
    'json',
    '--ignore-not-found',
  );
  if (code !== 0) throw new Error(`kubectl get ${kind} ${name} ended with ${code}: ${stderr}`);
  return stdout.trim() === '' ? undefined : (JSON.parse(stdout) as Record<string, unknown>);
}

/** Makes a namespace with a name of its own, so that no two tests meet, and returns the name. */
export async function uniqueNamespace(prefix: string): Promise<string> {
  const name = `${prefix}-${randomBytes(4).toString('hex')}`;
  await mustKubectl('create', 'namespace', name);
  return name;
}

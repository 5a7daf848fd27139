import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { Failure } from '../../failure/failure.ts';

/** The environment of a process, as a driver is given it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The program that HOLDFAST_TERRAFORM names, or terraform or tofu on PATH. Throws HF2001. */
export function findTerraform(environment: Environment): string {
  const named = environment['HOLDFAST_TERRAFORM'];
  if (named !== undefined && named !== '') {
    if (isAbsolute(named) && isProgram(named)) return named;
    throw new Failure('HF2001', 'HOLDFAST_TERRAFORM names no program by its full path', {
      where: { subject: named },
    });
  }
  const folders = (environment['PATH'] ?? '').split(delimiter).filter(isAbsolute);
  for (const name of ['terraform', 'tofu']) {
    const found = folders.map(folder => join(folder, name)).find(isProgram);
    if (found !== undefined) return found;
  }
  throw new Failure('HF2001', 'there is neither terraform nor tofu on PATH');
}

/** Who does something: the two have credentials of their own. */
export type Purpose = 'plan' | 'apply';

/** What the clouds' libraries and Terraform itself take from their environment; nothing of Holdfast's own gets through. */
const passed =
  /^(?:AWS_|TF_VAR_|TF_TOKEN_|TF_CLI_CONFIG_FILE$|TF_PLUGIN_CACHE_DIR$|TF_REGISTRY_|(?:https?|no|all)_proxy$|SSL_CERT_(?:FILE|DIR)$|LANG$|TZ$)/i;

/**
 * What a child gets: what its kind of program needs and nothing else. `HOLDFAST_PLAN_NAME` and `HOLDFAST_APPLY_NAME` stand in for
 * NAME where they are set, so that planning and applying have different credentials; HOLDFAST_TERRAFORM_ENV names, by commas,
 * variables for other clouds. A role is assumed with the process's web identity, as a session that names the unit.
 */
export function childEnvironment(
  environment: Environment,
  {
    purpose,
    program,
    unit,
    role,
  }: { purpose: Purpose; program: string; unit: string; role?: string | undefined },
): Record<string, string> {
  const also = new Set((environment['HOLDFAST_TERRAFORM_ENV'] ?? '').split(',').map(name => name.trim()));
  const allowed = (name: string) => passed.test(name) || (also.has(name) && !name.startsWith('HOLDFAST_'));
  const prefix = `HOLDFAST_${purpose.toUpperCase()}_`;
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && allowed(name)) given[name] = value;
  }
  for (const [name, value] of Object.entries(environment)) {
    const own = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    if (value !== undefined && own !== '' && allowed(own)) given[own] = value;
  }
  if (role !== undefined) {
    given['AWS_ROLE_ARN'] = role;
    given['AWS_ROLE_SESSION_NAME'] = `holdfast-${unit}`.slice(0, 64);
    // Keys would go before the role.
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'])
      if (given['AWS_WEB_IDENTITY_TOKEN_FILE'] !== undefined) delete given[name];
  }
  const path = [...new Set([dirname(program), '/usr/local/bin', '/usr/bin', '/bin'])].join(delimiter);
  return {
    LANG: 'C.UTF-8',
    ...given,
    PATH: path,
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    CHECKPOINT_DISABLE: '1',
  };
}

/** The values in an environment that must not be repeated: those of names that say so, and every variable of a module. */
export function secretsOf(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment)
    .filter(([name, value]) => /SECRET|TOKEN|PASSWORD|ACCESS_KEY|^TF_VAR_/i.test(name) && value.length >= 6)
    .filter(([name]) => !name.endsWith('_FILE'))
    .map(([, value]) => value);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

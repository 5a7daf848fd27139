import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { Failure } from '../../failure/failure.ts';
import { type Environment, type Purpose, passedOn } from '../../programs/environment.ts';
import { isExecutable } from '../../programs/executable.ts';

/** The program that HOLDFAST_TERRAFORM names, or terraform or tofu on PATH. Throws HF2001. */
export function findTerraform(environment: Environment): string {
  const named = environment['HOLDFAST_TERRAFORM'];
  if (named !== undefined && named !== '') {
    if (isAbsolute(named) && isExecutable(named)) return named;
    throw new Failure('HF2001', 'HOLDFAST_TERRAFORM names no program by its full path', {
      where: { subject: named },
    });
  }
  const folders = (environment['PATH'] ?? '').split(delimiter).filter(isAbsolute);
  for (const name of ['terraform', 'tofu']) {
    const found = folders.map(folder => join(folder, name)).find(isExecutable);
    if (found !== undefined) return found;
  }
  throw new Failure('HF2001', 'there is neither terraform nor tofu on PATH');
}

/** What the clouds' libraries and Terraform itself take from their environment; nothing of Holdfast's own gets through. */
const passed =
  /^(?:AWS_|TF_VAR_|TF_TOKEN_|TF_CLI_CONFIG_FILE$|TF_PLUGIN_CACHE_DIR$|TF_REGISTRY_|(?:https?|no|all)_proxy$|SSL_CERT_(?:FILE|DIR)$|LANG$|TZ$)/i;

/**
 * What a child gets: what its kind of program needs and nothing else (see `passedOn`). HOLDFAST_TERRAFORM_ENV names, by commas,
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
  const given = passedOn(environment, purpose, name => passed.test(name) || also.has(name));
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

import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { Failure } from '../../failure/failure.ts';
import { type Environment, type Purpose, passedOn } from '../../programs/environment.ts';
import { isExecutable } from '../../programs/executable.ts';

/** The program that HOLDFAST_ANSIBLE_PLAYBOOK names, or ansible-playbook on PATH. Throws HF2101. */
export function findAnsible(environment: Environment): string {
  const named = environment['HOLDFAST_ANSIBLE_PLAYBOOK'];
  if (named !== undefined && named !== '') {
    if (isAbsolute(named) && isExecutable(named)) return named;
    throw new Failure('HF2101', 'HOLDFAST_ANSIBLE_PLAYBOOK names no program by its full path', {
      where: { subject: named },
    });
  }
  const folders = (environment['PATH'] ?? '').split(delimiter).filter(isAbsolute);
  const found = folders.map(folder => join(folder, 'ansible-playbook')).find(isExecutable);
  if (found === undefined) throw new Failure('HF2101', 'there is no ansible-playbook on PATH');
  return found;
}

/** How hosts are reached and what they are told, set by the installation; nothing that changes what Ansible loads or prints. */
const passed =
  /^(?:ANSIBLE_(?:REMOTE_USER|PRIVATE_KEY_FILE|SSH_(?:ARGS|COMMON_ARGS|EXTRA_ARGS)|HOST_KEY_CHECKING|TIMEOUT|PYTHON_INTERPRETER|COLLECTIONS_PATH|BECOME_PASSWORD_FILE|CONNECTION_PASSWORD_FILE|VAULT_PASSWORD_FILE)|SSH_AUTH_SOCK|AWS_\w+|(?:https?|no|all)_proxy|TZ)$/i;

/**
 * What a run gets of our environment (see `passedOn`). The vault's password is a file of the installation:
 * HOLDFAST_ANSIBLE_VAULT_PASSWORD_FILE_UNIT for one unit (its name in capitals, dashes as underscores), or ANSIBLE_VAULT_PASSWORD_FILE.
 */
export function childEnvironment(
  environment: Environment,
  { purpose, program, unit }: { purpose: Purpose; program: string; unit: string },
): Record<string, string> {
  const given = passedOn(environment, purpose, name => passed.test(name));
  const vault =
    environment[`HOLDFAST_ANSIBLE_VAULT_PASSWORD_FILE_${unit.toUpperCase().replaceAll('-', '_')}`];
  const path = [...new Set([dirname(program), '/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'])];
  return {
    ...given,
    ...(vault === undefined ? {} : { ANSIBLE_VAULT_PASSWORD_FILE: vault }),
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    PATH: path.join(delimiter),
    PYTHONDONTWRITEBYTECODE: '1',
  };
}

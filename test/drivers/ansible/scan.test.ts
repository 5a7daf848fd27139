import { describe, expect, it } from 'vitest';
import { declare } from '../../../src/declared/declare.ts';
import { configurationText } from '../../../src/drivers/ansible/configuration.ts';
import { entryFiles, roleFolders } from '../../../src/drivers/ansible/files.ts';
import { childEnvironment } from '../../../src/drivers/ansible/program.ts';
import { realRuns, scan } from '../../../src/drivers/ansible/scan.ts';
import { memoryTree } from '../../declared/tree.ts';

const runs = (text: string) =>
  realRuns('tasks.yml', Buffer.from(text)).map(({ line, name }) => `${line} ${name ?? '-'}`);

describe('tasks that would really run', () => {
  it.each<[string, string, string[]]>([
    ['a task', '- name: ask\n  command: date\n  check_mode: false\n', ['3 ask']],
    ['in YAML 1.1', '- name: ask\n  command: date\n  check_mode: no\n', ['3 ask']],
    ['a block', '- name: all\n  check_mode: false\n  block:\n    - command: date\n', ['2 all']],
    [
      'within blocks',
      '- block:\n    - name: deep\n      rescue:\n        - command: date\n          check_mode: false\n',
      ['5 deep'],
    ],
    ['a play', '- hosts: all\n  check_mode: false\n  tasks: []\n', ['2 -']],
    ['a role in a play', '- hosts: all\n  roles:\n    - { role: x, check_mode: false }\n', ['3 -']],
    ['by a variable', "- name: ask\n  command: date\n  check_mode: '{{ x }}'\n", ['3 ask']],
    ['in the old words', '- name: ask\n  command: date\n  always_run: true\n', ['3 ask']],
    [
      'in a file that we cannot read',
      '- name: x\n  y: !vault |\n    z\n  a: {{ b }}\n  check_mode: false\n',
      ['5 -'],
    ],
    ['none', '- name: ask\n  command: date\n  check_mode: true\n', []],
  ])('%s', (_, text, expected) => {
    expect(runs(text)).toEqual(expected);
  });
});

const files = {
  'infra-state/hosts/site.yml': '- hosts: all\n  roles: [web]\n',
  'infra-state/hosts/inventory.ini': 'web1\n',
  'infra-state/hosts/roles/web/tasks/main.yml': '- name: version\n  command: nginx -v\n  check_mode: false\n',
  'shared/roles/base/tasks/main.yml': '- command: date\n',
};
const unitWith = async (settings = '') => {
  const named =
    settings === ''
      ? {}
      : {
          'holdfast.yaml': `units:\n  - name: hosts\n    driver: ansible\n    path: infra-state/hosts\n    ansible: ${settings}\n`,
        };
  const [unit] = (await declare(memoryTree({ ...files, ...named }))).units;
  if (unit === undefined) throw new Error('no unit');
  return unit;
};

it('a role that would really run makes its unit unknown, with file and line', async () => {
  const [finding] = await scan(await unitWith());
  expect(finding).toMatchObject({
    type: 'unknown',
    code: 'HF2106',
    source: { file: 'infra-state/hosts/roles/web/tasks/main.yml', line: 3 },
  });
});

it('a task may be allowed by its name', async () => {
  expect(await scan(await unitWith('{ runsInCheckMode: [version] }'))).toEqual([]);
});

describe('the files of a unit', () => {
  it('are found by convention', async () => {
    const unit = await unitWith();
    expect(entryFiles(unit)).toEqual({
      playbook: 'infra-state/hosts/site.yml',
      inventory: ['infra-state/hosts/inventory.ini'],
    });
    expect(roleFolders(unit)).toEqual(['infra-state/hosts/roles']);
  });

  it('may be named, and lie elsewhere in the repository', async () => {
    const unit = await unitWith('{ paths: [shared/roles], playbook: infra-state/hosts/site.yml }');
    expect(roleFolders(unit)).toEqual(['infra-state/hosts/roles', 'shared/roles']);
  });

  it('that are not there are an error', async () => {
    const { sources, ...unit } = await unitWith();
    const without = sources?.files.filter(({ path }) => !path.endsWith('.ini')) ?? [];
    if (sources === undefined) throw new Error('no files');
    expect(() => entryFiles({ ...unit, sources: { ...sources, files: without, reached: without } })).toThrow(
      'there is no inventory',
    );
  });
});

describe('ansible.cfg', () => {
  const text = (cfg: string) =>
    configurationText(cfg, {
      roles: ['/w/roles'],
      within: path => (path.startsWith('..') ? undefined : `/w/${path}`),
    });

  it('gives how hosts are reached and who one becomes there', () => {
    const written = text(
      '[defaults]\nforks = 20 ; many\nroles_path = more:../../outside\n[privilege_escalation]\nbecome = true\n',
    );
    expect(written).toContain('forks = 20\n');
    expect(written).toContain('become = true\n');
    expect(written).toContain('roles_path = /w/roles:/w/more\n');
  });

  it.each([
    'callback_plugins = /tmp/evil',
    'library = ./modules',
    'strategy_plugins = x',
    'log_path = /var/log/x',
    'vault_password_file = ./steal.sh',
    'inventory_plugins = x',
    'executable = /bin/evil',
    'remote_user = {{ lookup("pipe", "id") }}',
  ])('cannot say %s', line => {
    expect(text(`[defaults]\n${line}\n`)).not.toContain(line.split(' = ')[1]);
  });
});

describe('the environment of a run', () => {
  const given = {
    SLACK_BOT_TOKEN: 'xoxb',
    ANSIBLE_STDOUT_CALLBACK: 'other',
    ANSIBLE_CONFIG: '/etc/ansible.cfg',
    ANSIBLE_PRIVATE_KEY_FILE: '/keys/plan',
    HOLDFAST_APPLY_ANSIBLE_PRIVATE_KEY_FILE: '/keys/apply',
    HOLDFAST_ANSIBLE_VAULT_PASSWORD_FILE_WEB_HOSTS: '/vault/web',
  };
  const of = (purpose: 'plan' | 'apply') =>
    childEnvironment(given, { purpose, program: '/opt/bin/ansible-playbook', unit: 'web-hosts' });

  it('has the keys of the installation, others for applying, and nothing that changes what Ansible loads', () => {
    expect(Object.keys(of('plan')).sort()).toEqual([
      'ANSIBLE_PRIVATE_KEY_FILE',
      'ANSIBLE_VAULT_PASSWORD_FILE',
      'LANG',
      'LC_ALL',
      'PATH',
      'PYTHONDONTWRITEBYTECODE',
    ]);
    expect([of('plan'), of('apply')].map(one => one['ANSIBLE_PRIVATE_KEY_FILE'])).toEqual([
      '/keys/plan',
      '/keys/apply',
    ]);
    expect(of('plan')['ANSIBLE_VAULT_PASSWORD_FILE']).toBe('/vault/web');
  });
});

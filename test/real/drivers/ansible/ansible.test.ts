import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { provideTools } from '../../../../sandbox/tools/provide.ts';
import type { Declaration, DeclaredUnit } from '../../../../src/declared/declaration.ts';
import { declare } from '../../../../src/declared/declare.ts';
import { folderTree } from '../../../../src/declared/folder.ts';
import { ansibleDriver } from '../../../../src/drivers/ansible/driver.ts';
import type { AppliedResource, Driver } from '../../../../src/drivers/driver.ts';

vi.setConfig({ testTimeout: 900_000 });

let folder: string;
let driver: Driver;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-ansible-test-'));
  const { 'ansible-playbook': program } = await provideTools(['ansible-playbook']);
  driver = ansibleDriver({
    environment: { HOLDFAST_ANSIBLE_PLAYBOOK: program, SECRET_OF_OURS: 'not-for-playbooks' },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A module with the manners of a package manager: a state by name, told without being carried out in check mode. */
const packageModule = `from ansible.module_utils.basic import AnsibleModule
import os


def main():
    module = AnsibleModule(argument_spec=dict(name=dict(required=True), version=dict(required=True), root=dict(required=True)), supports_check_mode=True)
    place = os.path.join(module.params['root'], 'packages', module.params['name'])
    there = open(place).read() if os.path.exists(place) else 'absent'
    changed = there != module.params['version']
    if changed and not module.check_mode:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, 'w') as file:
            file.write(module.params['version'])
    module.exit_json(changed=changed, diff=dict(before=dict(path=place, version=there), after=dict(path=place, version=module.params['version'])))


main()
`;

const playbook = `- hosts: web
  gather_facts: false
  tasks:
    - name: greeting
      ansible.builtin.copy:
        content: "welcome to {{ inventory_hostname }}\\n"
        dest: "{{ root }}/motd"
        mode: "0644"
      notify: reload
    - name: settings of the database
      ansible.builtin.copy:
        content: "password = correct-horse-battery\\n"
        dest: "{{ root }}/db.conf"
        mode: "0600"
    - name: token
      ansible.builtin.copy: { content: "tok-12345678", dest: "{{ root }}/token", mode: "0600" }
      no_log: true
    - name: server
      package_of_test: { name: nginx, version: "1.26", root: "{{ root }}" }
  handlers:
    - name: reload
      ansible.builtin.copy: { content: "{{ inventory_hostname }} reloaded", dest: "{{ root }}/reloaded", mode: "0644" }
`;

/** Two hosts, each a folder of its own that the local connection reaches. */
async function fleet(more: Record<string, string> = {}): Promise<{
  unit: DeclaredUnit;
  declaration: Declaration;
  root(host: string, ...path: string[]): string;
}> {
  const place = mkdtempSync(join(folder, 'fleet-'));
  const root = (host: string, ...path: string[]) => join(place, 'hosts', host, ...path);
  const hosts = ['web1', 'web2'];
  for (const host of hosts) mkdirSync(root(host), { recursive: true });
  const files: Record<string, string> = {
    'infra-state/fleet/site.yml': playbook,
    'infra-state/fleet/library/package_of_test.py': packageModule,
    'infra-state/fleet/inventory.ini': [
      '[web]',
      ...hosts.map(host => `${host} ansible_connection=local root=${root(host)}`),
      '[web:vars]',
      "ansible_python_interpreter='{{ ansible_playbook_python }}'",
      '',
    ].join('\n'),
    ...more,
  };
  const repository = join(place, 'repository');
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), text);
  }
  const declaration = await declare(await folderTree(repository));
  const [unit] = declaration.units;
  if (unit === undefined) throw new Error('there is no unit');
  return { unit, declaration, root };
}

type Fleet = Awaited<ReturnType<typeof fleet>>;

async function converge({ unit, declaration }: Fleet): Promise<AppliedResource[]> {
  const plan = await driver.plan(unit, declaration);
  return driver.apply(unit, declaration, plan, {
    onResource: () => undefined,
    signal: new AbortController().signal,
    healthTimeoutMs: 1,
  });
}

const found = async ({ unit, declaration }: Fleet) =>
  (await driver.compare(unit, declaration)).findings.map(
    ({ type, resource, changes = [] }) =>
      `${resource.name} ${type} ${changes.map(({ path, op, redacted }) => `${op} ${path.replace(/^.*\/hosts\/\w+\//, '')}${redacted === true ? ' (hidden)' : ''}`).join(', ')}`,
  );

it('what differs on each host is found, converged on those hosts alone, and in sync afterwards', async () => {
  const web = await fleet();
  expect((await found(web)).length).toBe(8);
  expect(readdirSync(web.root('web1'))).toEqual([]);

  const results = await converge(web);
  expect(results.filter(({ result }) => result !== 'applied')).toEqual([]);
  expect(results.map(({ resource }) => resource.name)).toContain('web1: reload');
  expect(readFileSync(web.root('web2', 'motd'), 'utf8')).toBe('welcome to web2\n');
  expect(await driver.compare(web.unit, web.declaration)).toMatchObject({
    verdict: 'in-sync',
    resources: { declared: 8, inSync: 8 },
  });

  writeFileSync(web.root('web1', 'motd'), 'hacked\n');
  chmodSync(web.root('web2', 'db.conf'), 0o644);
  writeFileSync(web.root('web2', 'packages', 'nginx'), '1.24');
  writeFileSync(web.root('web2', 'token'), 'tok-of-somebody');
  expect(await found(web)).toEqual([
    'web1: greeting changed changed motd/content',
    'web2: settings of the database changed changed db.conf/mode',
    'web2: token changed changed /no_log (hidden)',
    'web2: server changed changed packages/nginx/version',
  ]);
  const comparison = await driver.compare(web.unit, web.declaration);
  expect(comparison.findings[0]).toMatchObject({
    resource: { type: 'ansible.builtin.copy', name: 'web1: greeting' },
    source: { file: 'infra-state/fleet/site.yml', line: 4 },
    changes: [{ declared: 'welcome to web1', live: 'hacked' }],
  });

  rmSync(web.root('web1', 'reloaded'));
  rmSync(web.root('web2', 'reloaded'));
  await converge(web);
  expect(await found(web)).toEqual([]);
  expect(readFileSync(web.root('web1', 'motd'), 'utf8')).toBe('welcome to web1\n');
  expect(statSync(web.root('web2', 'db.conf')).mode & 0o777).toBe(0o600);
  expect(readdirSync(web.root('web1'))).toContain('reloaded');
  expect(readdirSync(web.root('web2'))).not.toContain('reloaded');
});

it('no secret of a file or of ours is told', async () => {
  const web = await fleet();
  const told = JSON.stringify([
    await driver.compare(web.unit, web.declaration),
    await driver.plan(web.unit, web.declaration),
  ]);
  for (const secret of ['correct-horse-battery', 'tok-12345678', 'not-for-playbooks'])
    expect(told).not.toContain(secret);
});

it('a host that is away is unknown, and the others are compared', async () => {
  const web = await fleet();
  // what the ssh of a machine says of such a host; a bare machine has none
  const ssh = join(folder, 'ssh');
  writeFileSync(
    ssh,
    '#!/bin/sh\necho "ssh: connect to host 127.0.0.1 port 1: Connection refused" >&2\nexit 255\n',
  );
  chmodSync(ssh, 0o755);
  const away = await fleet({
    'infra-state/fleet/inventory.ini': `[web]\nweb1 ansible_connection=local root=${web.root('web1')} ansible_python_interpreter='{{ ansible_playbook_python }}'\naway ansible_host=127.0.0.1 ansible_port=1 ansible_ssh_executable=${ssh} root=/x\n`,
  });
  const { verdict, findings } = await driver.compare(away.unit, away.declaration);
  expect(verdict).toBe('unknown');
  expect(findings.filter(({ code }) => code === 'HF2103').map(({ resource }) => resource)).toEqual([
    { type: 'Host', name: 'away' },
  ]);
  expect(findings.filter(({ type }) => type === 'changed').length).toBe(4);
});

const tasks = (text: string) => ({
  'infra-state/fleet/site.yml': `- hosts: web\n  gather_facts: false\n  tasks:\n${text}`,
});

it.each<[string, Record<string, string>, string, RegExp]>([
  [
    'a command is unknown, since check mode does not run it',
    tasks('    - name: run\n      ansible.builtin.command: date\n'),
    'HF2104',
    /cannot tell/,
  ],
  [
    'a module that is not there is an error of the playbook',
    tasks('    - nonsense_module: {}\n'),
    'HF2102',
    /nonsense_module/,
  ],
  ['so is a mistake in YAML', tasks('    - name: [\n'), 'HF2102', /site\.yml/],
  [
    'a task that really runs is refused',
    tasks('    - name: run\n      ansible.builtin.command: date\n      check_mode: false\n'),
    'HF2106',
    /‘run’ turns check mode off/,
  ],
])('%s', async (_, files, code, message) => {
  const web = await fleet(files);
  const { verdict, findings } = await driver.compare(web.unit, web.declaration);
  expect([verdict, findings[0]?.code]).toEqual(['unknown', code]);
  expect(findings[0]?.message).toMatch(message);
  expect(findings[0]?.message).not.toContain(folder);
});

it('a task that turns check mode off where no file shows it is stopped before it runs', async () => {
  const mark = join(folder, 'it-ran');
  // The scan passes over templates; the guard in the run does not.
  const real = await fleet({
    ...tasks(
      '    - ansible.builtin.include_tasks: "{{ what }}"\n      vars: { what: templates/hidden.yml }\n',
    ),
    'infra-state/fleet/templates/hidden.yml': `- name: hidden\n  ansible.builtin.command: touch ${mark}\n  check_mode: false\n`,
  });
  const { findings } = await driver.compare(real.unit, real.declaration);
  expect(findings[0]?.code).toBe('HF2106');
  expect(readdirSync(folder)).not.toContain('it-ran');
});

it('the configuration of the repository loads nothing', async () => {
  const mark = join(folder, 'loaded');
  const web = await fleet({
    'infra-state/fleet/ansible.cfg':
      '[defaults]\ncallback_plugins = ./evil\nstdout_callback = evil\nlog_path = ./log\n',
    'infra-state/fleet/evil/evil.py': `open(${JSON.stringify(mark)}, 'w').close()\n`,
  });
  expect((await driver.compare(web.unit, web.declaration)).findings.length).toBe(8);
  expect(readdirSync(folder)).not.toContain('loaded');
});

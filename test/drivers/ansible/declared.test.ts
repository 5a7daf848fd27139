import { describe, expect, it } from 'vitest';
import type { DeclaredUnit } from '../../../src/declared/declaration.ts';
import type { SourceTree } from '../../../src/declared/tree.ts';
import { declaredTasks } from '../../../src/drivers/ansible/declared.ts';

function unitOf(files: Record<string, string>): DeclaredUnit {
  const all = Object.entries(files).map(([path, content]) => ({ path, content, size: content.length }));
  const tree: SourceTree = {
    revision: 'a'.repeat(40),
    files: all,
    links: [],
    read: async paths => new Map(paths.map(path => [path, Buffer.from(files[path] ?? '')])),
  };
  return {
    definition: { name: 'hosts', driver: 'ansible', path: 'infra-state/hosts' },
    objects: [],
    findings: [],
    sources: { tree, files: all },
    hash: '',
  };
}

const files = {
  'site.yml': `- name: Web
  hosts: web
  vars: {port: 80}
  tasks:
    - name: Message
      ansible.builtin.copy: {dest: /etc/motd, content: hello}
    - name: Careful
      block:
        - {name: Message, copy: {dest: /tmp/a}, when: x}
    - command: reboot
    - command: reboot
    - name: Hidden
      user: {name: root, comment: abc}
      no_log: true
`,
  'roles/db/tasks/main.yml': '- name: Install\n  apt: {name: postgres}\n',
  'group_vars/all.yml':
    'db_password: geheim\nuser: shop\nvaulted: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3633\n',
  'templates/motd.j2': 'hello {{ name }}\n',
  'README.md': '# words\n',
  'broken.yml': 'a: [\n',
};

describe('what a playbook declares, told from its files', () => {
  it('is plays, tasks, variables and files, each by a name of its own', async () => {
    const { resources } = await declaredTasks(unitOf(files));
    expect(
      resources.map(
        ({ resource, source }) =>
          `${'type' in resource ? resource.type : ''} ${resource.name} :${source?.line ?? ''}`,
      ),
    ).toEqual([
      'play site.yml: Web :1',
      'ansible.builtin.copy site.yml: Web / Message :5',
      'block site.yml: Web / Careful :7',
      'copy site.yml: Web / Careful / Message :9',
      'command site.yml: Web / command :10',
      'command site.yml: Web / command (2) :11',
      'user site.yml: Web / Hidden :12',
      'apt roles/db/tasks/main.yml / Install :1',
      'variables group_vars/all.yml :1',
      'File templates/motd.j2 :',
      'File broken.yml :',
    ]);
  });

  it('names what is secret: what is not logged, vaults, and what is called so', async () => {
    const { resources } = await declaredTasks(unitOf(files));
    const secret = (name: string) => resources.find(({ resource }) => resource.name.endsWith(name))?.secret;
    expect(secret('Hidden')).toEqual(['/user']);
    expect(secret('all.yml')).toEqual(['/db_password', '/vaulted/!vault']);
    expect(secret('/ Message')).toBeUndefined();
  });
});

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { createWorkspace } from '../../src/programs/workspace.ts';

const mode = (path: string) => statSync(path).mode & 0o777;

it('holds copies that only this account can read, and goes without a trace', async () => {
  const files = new Map([
    ['a.yaml', Buffer.from('a')],
    ['deep/er/-rf.yaml', Buffer.from('b')],
    ['new\nline/a b.yaml', Buffer.from([0, 255])],
  ]);
  const workspace = await createWorkspace(files);

  for (const [path, bytes] of files) {
    expect(readFileSync(join(workspace.tree, path))).toEqual(bytes);
    expect(mode(join(workspace.tree, path))).toBe(0o600);
    expect(mode(dirname(join(workspace.tree, path)))).toBe(0o700);
  }
  expect(mode(dirname(workspace.tree))).toBe(0o700);
  expect(readdirSync(workspace.home)).toEqual([]);

  await workspace.remove();
  expect(existsSync(dirname(workspace.tree))).toBe(false);
});

it('takes its own paths out of what a program says', async () => {
  const workspace = await createWorkspace(new Map());
  const said = `no ${workspace.tree}/base/a.yaml in '${workspace.tree}' (${workspace.home})`;
  expect(workspace.clean(said)).toBe("no base/a.yaml in '.' (/home)");
  await workspace.remove();
});

it.each([['../outside'], ['a/../../outside'], [`${'x'.repeat(300)}.yaml`], ['a/b', 'a']])(
  'leaves nothing behind when a path cannot be written: %j',
  async (...paths) => {
    const ours = () => readdirSync(tmpdir()).filter(name => name.startsWith('holdfast-render-'));
    const before = new Set(ours());
    await expect(createWorkspace(new Map(paths.map(path => [path, Buffer.from('x')])))).rejects.toThrow();
    const left = ours().filter(name => !before.has(name) && existsSync(join(tmpdir(), name, 'tree', 'a')));
    expect(left).toEqual([]);
    expect(existsSync(join(tmpdir(), 'outside'))).toBe(false);
  },
);

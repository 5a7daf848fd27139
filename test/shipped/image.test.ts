import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const lines = read('Dockerfile')
  .replaceAll(/\\\n\s*/g, ' ')
  .split('\n')
  .filter(line => line !== '' && !line.startsWith('#'));
const stage = (name: string) => {
  const from = lines.findIndex(line => line.endsWith(` AS ${name}`));
  const rest = lines.slice(from + 1);
  const end = rest.findIndex(line => line.startsWith('FROM '));
  return rest.slice(0, end === -1 ? undefined : end);
};

// No container engine runs where these tests do: the rules of a good image are read off its recipe.
describe('the Dockerfile', () => {
  it('runs as a user by number who is not root, in every image that is kept', () => {
    for (const name of ['holdfast', 'holdfast-ansible', 'holdfast-tofu']) {
      const users = stage(name).filter(line => line.startsWith('USER '));
      expect(users.at(-1)).toMatch(/^USER [1-9]\d+:[1-9]\d+$/);
    }
  });

  it('names its bases by version, and builds on what it builds itself otherwise', () => {
    expect(lines.find(line => line.startsWith('ARG BASE='))).toMatch(/^ARG BASE=node:\d+\.\d+\.\d+-/);
    const bases = lines.filter(line => line.startsWith('FROM ')).map(line => line.split(' ')[1]);
    expect(new Set(bases)).toEqual(
      new Set([...['BASE', 'TOOLS', 'TOFU'].map(name => `$\{${name}}`), 'holdfast']),
    );
    expect(lines.join('\n')).not.toMatch(/:latest\b/);
  });

  it('has the Node.js that the project pins', () => {
    const pinned = JSON.parse(read('package.json')) as { optionalDependencies: Record<string, string> };
    const base = /^ARG BASE=node:(\S+?)-/m.exec(lines.join('\n'))?.[1];
    expect(Object.values(pinned.optionalDependencies)).toContain(base);
  });

  it('takes nothing from the network that it does not check', () => {
    expect(lines.filter(line => line.startsWith('ADD '))).toEqual([]);
    for (const line of lines.filter(each => each.includes('curl -'))) {
      expect(line.match(/curl -/g)?.length).toBe(line.match(/sha256sum --check/g)?.length);
      const digests = [...line.matchAll(/\{(\w+_SHA256)\} /g)].map(([, name]) => name);
      expect(digests).not.toEqual([]);
      for (const name of digests)
        expect(line.slice(0, line.indexOf('curl -'))).toContain(`test -n "$${name}"`);
    }
  });

  it('copies only what the ignore file lets in', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .filter(line => line.startsWith('!'))
      .map(line => line.slice(1));
    const copied = lines
      .filter(line => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap(line => line.split(' ').slice(1, -1))
      .map(path => path.replace(/^\.\//, ''));
    for (const path of copied) expect(allowed).toContain(path);
  });

  it('says what is in it, as a bill of materials', () => {
    const made = stage('build').findLastIndex(line =>
      line.includes('npm sbom --package-lock-only --omit=dev'),
    );
    expect(made).toBeGreaterThan(stage('build').findIndex(line => line.includes('npm prune')));
    expect(stage('holdfast').join('\n')).toContain('/src/sbom.cdx.json /app/sbom.cdx.json');
  });

  it('can tell whether it works', () => {
    expect(lines.some(line => line.startsWith('HEALTHCHECK '))).toBe(true);
  });
});

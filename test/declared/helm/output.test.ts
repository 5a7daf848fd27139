import { describe, expect, it } from 'vitest';
import { readPrinted } from '../../../src/declared/helm/output.ts';

const configMap = (name: string, more = '') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}${more} }\n`;

describe('what helm prints', () => {
  it('is taken apart with the template of each object', () => {
    const { objects } = readPrinted(
      `---\n# Source: web/templates/a.yaml\n${configMap('a')}---\n# Source: web/templates/b.yaml\n${configMap('b')}`,
    );
    expect(objects.map(({ identity, template }) => [identity.name, template])).toEqual([
      ['a', 'web/templates/a.yaml'],
      ['b', 'web/templates/b.yaml'],
    ]);
  });

  it('a file of crds/ may hold several documents and begin with a separator', () => {
    const { objects } = readPrinted(
      `---\n# Source: web/crds/a.yaml\n---\n${configMap('a')}---\n${configMap('b')}`,
    );
    expect(objects.map(({ template }) => template)).toEqual(['web/crds/a.yaml', 'web/crds/a.yaml']);
  });

  it.each([
    ['pre-install', ['pre-install']],
    ['pre-upgrade, post-upgrade', ['pre-upgrade', 'post-upgrade']],
    ['test-success', ['test']],
  ])('a hook %j is none of the objects', (annotation, events) => {
    const { objects, hooks } = readPrinted(
      configMap('a', `, annotations: { helm.sh/hook: "${annotation}" }`),
    );
    expect(objects).toEqual([]);
    expect(hooks).toMatchObject([{ events, identity: { name: 'a' } }]);
  });

  it('what cannot be read does not hide the rest', () => {
    const { objects, problems } = readPrinted(
      `---\n# Source: web/templates/a.yaml\na: [\n---\n${configMap('b')}`,
    );
    expect(objects).toHaveLength(1);
    expect(problems).toMatchObject([{ template: 'web/templates/a.yaml', code: 'HF1101' }]);
  });
});

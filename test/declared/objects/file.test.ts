import { describe, expect, it } from 'vitest';
import { hashOf } from '../../../src/declared/hash.ts';
import { type FileContents, largestFile, readFile } from '../../../src/declared/objects/file.ts';
import { configMap } from '../tree.ts';

function read(text: string, name = 'a.yaml') {
  const { objects, problems, foreign } = readFile(Buffer.from(text), name);
  return {
    objects: objects.map(({ identity, line }) => [identity.kind, identity.name, line]),
    problems: problems.map(({ code, line, message }) => `${code}:${line} ${message}`),
    foreign: foreign.map(({ line, reason }) => `${line} ${reason}`),
  };
}

function hashes({ objects }: FileContents): string[] {
  return objects.map(({ object }) => hashOf(object));
}

describe('objects', () => {
  it('are found with the line of their first key', () => {
    const text = `# note\n---\n${configMap('a')}---\n\n${configMap('b')}`;
    expect(read(text).objects).toEqual([
      ['ConfigMap', 'a', 3],
      ['ConfigMap', 'b', 9],
    ]);
  });

  it('keep their JSON as it is', () => {
    const { objects } = readFile(Buffer.from(configMap('a', 'data: {mode: 0644}\nstatus: null\n')), 'a.yaml');
    expect(objects[0]?.object).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a' },
      data: { mode: 420 },
      status: null,
    });
  });

  it('have a hash that does not depend on how they are written', () => {
    const yaml = readFile(Buffer.from('kind: A\napiVersion: v1\nmetadata: {name: x}\n'), 'a.yaml');
    const json = readFile(Buffer.from('{"apiVersion":"v1","kind":"A","metadata":{"name":"x"}}'), 'a.json');
    const other = readFile(Buffer.from('{"apiVersion":"v1","kind":"A","metadata":{"name":"y"}}'), 'a.json');
    expect(hashes(yaml)).toEqual(hashes(json));
    expect(hashes(other)).not.toEqual(hashes(json));
  });

  it('are taken out of lists, each with its line', () => {
    const list =
      'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: A\n  metadata: {name: x}\n- apiVersion: v1\n  kind: B\n  metadata: {name: z}\n';
    expect(read(list).objects).toEqual([
      ['A', 'x', 4],
      ['B', 'z', 7],
    ]);
    const typed = 'apiVersion: apps/v1\nkind: DeploymentList\nitems:\n- metadata: {name: x}\n- 5\n';
    expect(read(typed)).toMatchObject({
      objects: [['Deployment', 'x', 4]],
      problems: [expect.stringContaining('a number, not an object')],
    });
    expect(read('apiVersion: v1\nkind: List\nitems: null\n')).toEqual({
      objects: [],
      problems: [],
      foreign: [],
    });
  });
});

describe('documents that are no objects for the API server', () => {
  it.each([
    ['apiVersion: v1\nmetadata: {name: a}', 'HF1102:1 it has no kind'],
    ['kind: A\nmetadata: {name: a}', 'HF1102:1 it has no apiVersion'],
    ['apiVersion: 1\nkind: A\nmetadata: {name: a}', 'HF1102:1 its apiVersion is not a string'],
    ['apiVersion: v1\nkind: A', 'HF1102:1 the ‘A’ has no metadata'],
    ['apiVersion: v1\nkind: A\nmetadata: {}', 'HF1102:1 the ‘A’ has no metadata.name'],
    [
      'apiVersion: v1\nkind: A\nmetadata: {name: 5}',
      'HF1102:1 the metadata.name of the ‘A’ is not a string: quote it',
    ],
    [
      'apiVersion: v1\nkind: A\nmetadata: {generateName: a-}',
      expect.stringMatching(/^HF1102:1 .*created anew/),
    ],
    ['apiVersion: v1\nkind: A\nmetadata: {name: a/../b}', expect.stringMatching(/^HF1102:1 .*no name/)],
    [
      'apiVersion: v1\nkind: A\nmetadata: {name: "a\\nb"}',
      expect.stringMatching(/^HF1102:1 ‘a�b’ is no name/),
    ],
    ['apiVersion: ../v1\nkind: A\nmetadata: {name: a}', expect.stringMatching(/^HF1102:1 .*no apiVersion/)],
    [
      'apiVersion: v1\nkind: A\nmetadata: {name: a, namespace: A_b}',
      expect.stringMatching(/^HF1102:1 .*no namespace/),
    ],
    ['apiVersion: v1\nkind: A\nmetadata: {name: "{{ .Release.Name }}"}', expect.stringMatching(/^HF1107:1 /)],
    ['- a', 'HF1102:1 it is a list, not an object'],
    ['just text', 'HF1102:1 it is a string, not an object'],
    ['foo: bar', 'HF1102:1 it has no kind'],
  ])('%j', (text, problem) => {
    expect(read(text)).toEqual({ objects: [], problems: [problem], foreign: [] });
  });

  it('may have RBAC names with colons', () => {
    expect(read('apiVersion: v1\nkind: A\nmetadata: {name: "system:a"}').objects).toHaveLength(1);
  });
});

describe('documents that are clearly for something else are counted, not reported', () => {
  it.each([
    ['kustomization.yaml', 'resources: [a.yaml]', 'a kustomization'],
    [
      'k.yaml',
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization',
      'a file for kustomize.config.k8s.io',
    ],
    ['values.yaml', 'image: {tag: 1}', 'Helm values'],
    ['values-prod.yaml', 'image: {tag: 1}', 'Helm values'],
    ['Chart.yaml', 'apiVersion: v2\nname: x', 'part of a Helm chart'],
    ['config', 'apiVersion: v1\nkind: Config\nclusters: []', 'a kubeconfig'],
    ['kind.yaml', 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4', 'a file for kind.x-k8s.io'],
    [
      'admission.yaml',
      'apiVersion: pod-security.admission.config.k8s.io/v1\nkind: PodSecurityConfiguration',
      'a file for pod-security.admission.config.k8s.io',
    ],
    ['Kptfile.yaml', 'apiVersion: kpt.dev/v1\nkind: Kptfile', 'a file for kpt.dev'],
    ['catalog-info.yaml', 'apiVersion: backstage.io/v1alpha1\nkind: Component', 'a file for backstage.io'],
    ['kuttl-test.yaml', 'apiVersion: kuttl.dev/v1beta1\nkind: TestSuite', 'a file for kuttl.dev'],
    ['docker-compose.yml', 'x: 1', 'a Compose file'],
    ['stack.yml', 'services: {web: {image: x}}', 'a Compose file'],
    ['ci.yaml', 'on: push\njobs: {}', 'a CI workflow'],
    ['t.yaml', 'AWSTemplateFormatVersion: 2010-09-09', 'a CloudFormation template'],
    ['play.yml', '- hosts: all', 'an Ansible playbook'],
    ['patch.json', '[{"op": "add", "path": "/a"}]', 'a JSON patch'],
  ])('%s', (name, text, reason) => {
    expect(read(text, name)).toEqual({ objects: [], problems: [], foreign: [`1 ${reason}`] });
  });

  it('but not when they are objects with an unlucky file name', () => {
    expect(read(configMap('a'), 'values.yaml').objects).toHaveLength(1);
  });
});

describe('a file that is too large', () => {
  it('is refused with words', () => {
    const bytes = Buffer.alloc(largestFile + 1, '#');
    expect(readFile(bytes, 'a.yaml').problems).toMatchObject([{ code: 'HF1101', line: 1 }]);
  });
});

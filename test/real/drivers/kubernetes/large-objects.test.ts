import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { kubectlWith, mustKubectl } from '../../support/kubectl.ts';
import { bring, changeAt, newNamespace, onlyFinding, openDriver, shopUnit, told } from './support/shop.ts';

let opened: Awaited<ReturnType<typeof openDriver>>;
let namespace: string;
beforeAll(async () => {
  opened = await openDriver();
  namespace = await newNamespace('large');
});
afterAll(async () => {
  await mustKubectl('delete', 'namespace', namespace, '--wait=false');
  opened.close();
});

async function compare(manifests: string) {
  const { unit, declaration } = await shopUnit(manifests);
  return opened.driver.compare(unit, declaration);
}

/** A ConfigMap with so many bytes of data, in 40 keys. The server takes 1,048,576. */
function configMap(name: string, bytes: number): string {
  const line = 'what is written in a large file of settings\n';
  const text = line.repeat(Math.ceil(bytes / 40 / line.length));
  const data = Array.from({ length: 40 }, (_, at) => [`part.${at}`, text.slice(0, Math.floor(bytes / 40))]);
  const metadata = { name, namespace };
  return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: Object.fromEntries(data) });
}

describe('a ConfigMap of 1.04 MB', () => {
  const bytes = 1_040_000;

  it.each([
    ['server-side apply by us', 'ours'],
    ['server-side apply by kubectl', 'theirs'],
    ['kubectl create', 'made'],
  ])('is in sync after %s, and a hand edit of it is told at its key', async (way, name) => {
    const declared = configMap(name, bytes);
    await bring(way, namespace, declared);
    expect((await compare(declared)).findings).toEqual([]);

    const edit = JSON.stringify({ data: { 'part.7': 'by hand', 'part.99': 'more', 'part.8': null } });
    await mustKubectl('-n', namespace, 'patch', 'configmap', name, '--type=merge', '-p', edit);

    const finding = onlyFinding(await compare(declared));
    expect(finding.type).toBe('changed');
    expect(finding.changes?.map(({ op, path, by }) => [op, path, by?.manager])).toEqual([
      ['changed', '/data/part.7', 'kubectl-patch'],
      ['removed', '/data/part.8', undefined],
      ['added', '/data/part.99', 'kubectl-patch'],
    ]);
    expect(changeAt(finding, '/data/part.7').live).toBe('by hand');
  });

  it('is missing where it is not there, since the server would take it', async () => {
    expect(told(await compare(configMap('absent', bytes)))).toEqual(['missing ConfigMap/absent']);
  });
});

describe('an object over the limits of the server', () => {
  it.each([
    ['of its kind', 1_060_000, /may not be more than 1048576 bytes/],
    ['of a request', 3_300_000, /Request entity too large: limit is 3145728/],
  ])('is invalid with the server’s words: the limit %s', async (_limit, bytes, words) => {
    const finding = onlyFinding(await compare(configMap('too-large', bytes)));

    expect(finding).toMatchObject({ type: 'invalid', code: 'HF1306' });
    expect(finding.message).toMatch(words);
    expect(finding.message?.length).toBeLessThan(1_000);
  });
});

/** A definition of 400 described fields: about 330 KiB, more than an annotation may have. */
function definition(group: string): string {
  const described = 'It tells in many words what this field of the crane is for. '.repeat(13);
  const fields = Array.from({ length: 400 }, (_, at) => [
    `field${at}`,
    { type: at % 2 === 0 ? 'string' : 'integer', description: described },
  ]);
  const spec = { type: 'object', properties: Object.fromEntries(fields) };
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec } } };
  return JSON.stringify({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `cranes.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'cranes', kind: 'Crane' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  });
}

const crane = (group: string) =>
  `apiVersion: ${group}/v1\nkind: Crane\nmetadata: { name: it, namespace: ${namespace} }\nspec: { field0: a, field1: 1 }\n`;

describe('a CustomResourceDefinition of more than 256 KiB', () => {
  it('cannot be applied on the client’s side, and is compared and told field by field all the same', async () => {
    const group = `g${randomBytes(4).toString('hex')}.example.com`;
    onTestFinished(async () => {
      await mustKubectl('delete', 'crd', `cranes.${group}`, '--ignore-not-found', '--wait=false');
    });
    const declared = definition(group);
    expect(declared.length).toBeGreaterThan(300 * 1024);
    const clientSide = await kubectlWith({ stdin: declared }, 'apply', '-f', '-');
    expect(clientSide.stderr).toMatch(/annotations: Too long: may not be more than 262144 bytes/);
    expect(told(await compare(declared))).toEqual([`missing CustomResourceDefinition/cranes.${group}`]);

    await bring('server-side apply by us', namespace, declared);
    const name = `crd/cranes.${group}`;
    const condition = `--for=jsonpath={.status.conditions[?(@.type=="Established")].status}=True`;
    await mustKubectl('wait', name, condition, '--timeout=60s');
    await bring('server-side apply by us', namespace, crane(group));
    expect((await compare(`${declared}\n---\n${crane(group)}`)).findings).toEqual([]);

    const fields = '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties';
    const edits = [
      { op: 'replace', path: `${fields}/field2/description`, value: 'by hand' },
      { op: 'add', path: `${fields}/more`, value: { type: 'string' } },
    ];
    await mustKubectl('patch', name, '--type=json', '-p', JSON.stringify(edits));

    const finding = onlyFinding(await compare(declared));
    expect(finding.changes?.map(({ op, path, by }) => [op, path, by?.manager])).toEqual([
      ['changed', `${fields}/field2/description`, 'kubectl-patch'],
      ['added', `${fields}/more/type`, 'kubectl-patch'],
    ]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Files, type HelmBench, helmBench, helms, told } from './support/bench.ts';

describe.each(helms)('%s', (_, helm) => {
  let bench: HelmBench;
  beforeEach(async () => {
    bench = await helmBench(helm);
  });
  afterEach(() => bench.close());

  const chart = (template: string, values = 'colour: red\n'): Files => ({
    'helm/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
    'helm/web/values.yaml': values,
    'helm/web/templates/_helpers.tpl':
      '{{- define "web.password" -}}\n{{ randAlphaNum 20 | b64enc }}\n{{- end -}}\n',
    'helm/web/templates/secret.yaml': template,
  });

  const random = `apiVersion: v1
kind: Secret
metadata: { name: web }
data:
  password: {{ include "web.password" . }}
stringData: { colour: {{ .Values.colour }} }
`;
  const lookup = `{{- $known := lookup "v1" "Secret" .Release.Namespace "web" }}
apiVersion: v1
kind: Secret
metadata: { name: web }
data:
  {{- if $known }}
  password: {{ index $known.data "password" }}
  {{- else }}
  password: {{ "a first one" | b64enc }}
  {{- end }}
  found: {{ $known | empty | not | toString | b64enc }}
stringData: { colour: {{ .Values.colour }} }
`;
  const now = `apiVersion: v1
kind: ConfigMap
metadata: { name: web }
data:
  made: {{ now | unixEpoch | quote }}
  colour: {{ .Values.colour }}
`;

  const notes = async (files: Files) =>
    (await bench.compare(files)).notes?.map(
      ({ source, message }) => `${source?.file}:${source?.line} ${message}`,
    );
  const password = () => bench.kubectl('get', 'secret', 'web', '-o', 'jsonpath={.data.password}');
  async function converge(files: Files): Promise<void> {
    const { unit, declaration } = await bench.declared(files, 'a'.repeat(40));
    const plan = await bench.driver.plan(unit, declaration);
    const options = { onResource: () => {}, signal: new AbortController().signal, healthTimeoutMs: 30_000 };
    const applied = await bench.driver.apply(unit, declaration, plan, options);
    expect(applied.map(({ result }) => result)).not.toContain('failed');
  }

  it('randAlphaNum: no drift, a note with file and line, and converging something else rotates no password', async () => {
    const files = chart(random);
    await bench.install(files);
    const before = await password();
    expect(told(await bench.compare(files))).toEqual([]);
    expect(await notes(files)).toEqual([
      'helm/web/templates/_helpers.tpl:2 HF1807 nondeterministic: /data/password of Secret web (by randAlphaNum); neither compared with what is rendered nor applied',
    ]);
    const blue = chart(random, 'colour: blue\n');
    expect(told(await bench.compare(blue))).toEqual([
      'changed Release NS/web /manifest/Secret/web',
      'changed Secret NS/web /data/colour',
    ]);
    await converge(blue);
    expect(told(await bench.compare(blue))).toEqual([]);
    expect(await password()).toBe(before);
  });

  it('a random password that somebody changed by hand is drift all the same, and comes back as it was', async () => {
    const files = chart(random);
    await bench.install(files);
    const before = await password();
    await bench.kubectl('patch', 'secret', 'web', '-p', '{"data":{"password":"aGFja2Vk"}}');
    expect(told(await bench.compare(files))).toEqual(['changed Secret NS/web /data/password']);
    await converge(files);
    expect(await password()).toBe(before);
  });

  it('lookup: no drift once it is installed and found, and a note with file and line', async () => {
    const files = chart(lookup);
    await bench.install(files);
    await bench.install(files);
    expect(told(await bench.compare(files))).toEqual([]);
    expect(await notes(files)).toEqual([
      expect.stringMatching(/^helm\/web\/templates\/secret.yaml:1 HF1807 nondeterministic: .*\(by lookup\)/),
    ]);
  });

  it('now: no drift at another time, and a note with file and line', async () => {
    const files = chart(now);
    await bench.install(files);
    const { setTimeout: sleep } = await import('node:timers/promises');
    await sleep(1_100);
    expect(told(await bench.compare(files))).toEqual([]);
    expect(await notes(files)).toEqual([
      expect.stringMatching(
        /^helm\/web\/templates\/secret.yaml:5 HF1807 nondeterministic: \/data\/made .*\(by now\)/,
      ),
    ]);
  });

  it('without a record what is random is left to live, also when something else is applied', async () => {
    const settings = {
      'holdfast.yaml':
        'units:\n  - { name: web, driver: helm, path: helm/web, namespace: NS, helm: { apply: server-side } }\n',
    };
    const files = { ...chart(random), ...settings };
    await converge(files);
    const before = await password();
    expect(told(await bench.compare(files))).toEqual([]);
    const blue = { ...chart(random, 'colour: blue\n'), ...settings };
    await converge(blue);
    expect(told(await bench.compare(blue))).toEqual([]);
    expect(await password()).toBe(before);
  });

  it('an API version that the cluster serves no more, and helm takes for granted offline, is judged as it was installed', async () => {
    const files = chart(
      '{{- if .Capabilities.APIVersions.Has "policy/v1beta1" }}\napiVersion: policy/v1beta1\n{{- else }}\napiVersion: policy/v1\n{{- end }}\nkind: PodDisruptionBudget\nmetadata: { name: web }\nspec: { minAvailable: 1, selector: { matchLabels: { app: web } } }\n',
    );
    await bench.install(files);
    expect(told(await bench.compare(files))).toEqual([]);
    await bench.kubectl('patch', 'pdb', 'web', '--type=merge', '-p', '{"spec":{"minAvailable":2}}');
    const { findings } = await bench.compare(files);
    expect(findings).toMatchObject([
      {
        resource: { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' },
        message: 'changed live: the release (revision 1) is as declared',
      },
    ]);
  });

  describe('in a chart in the chart', () => {
    const inner = (colour: string, more: Files = {}): Files => ({
      'helm/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
      'helm/web/templates/own.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: own }\n',
      'helm/web/charts/db/Chart.yaml': 'apiVersion: v2\nname: db\nversion: 1.0.0\n',
      'helm/web/charts/db/templates/db.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: db }\ndata:\n  kube: {{ .Capabilities.KubeVersion.Version }}\n  made: {{ now | unixEpoch | quote }}\n  colour: ${colour}\n`,
      ...more,
    });
    const changed = [
      'changed Release NS/web /manifest/ConfigMap/db',
      expect.stringMatching(/^changed ConfigMap NS\/db \/data\/colour/),
    ];

    it('what was changed is told after we converged, though its template asks for the time', async () => {
      await converge(inner('red'));
      expect(told(await bench.compare(inner('red')))).toEqual([]);
      expect(told(await bench.compare(inner('blue')))).toEqual(changed);
      await converge(inner('blue'));
      expect(told(await bench.compare(inner('blue')))).toEqual([]);
    });

    it('a file for people changes nothing', async () => {
      await converge(inner('red'));
      expect(told(await bench.compare(inner('red', { 'helm/web/README.md': 'about it' })))).toEqual([]);
    });

    it('what was changed is told of a release that others installed, if its lock says so', async () => {
      const lock = (digest: string) => ({
        'helm/web/Chart.lock': `dependencies: []\ndigest: sha256:${digest}\ngenerated: "2026-01-01T00:00:00Z"\n`,
      });
      await bench.install(inner('red', lock('aa')));
      expect(told(await bench.compare(inner('red', lock('aa'))))).toEqual([]);
      expect(told(await bench.compare(inner('blue', lock('bb'))))).toEqual(changed);
    });
  });

  it('a file that a template takes in is told when it changes, though the template looks things up', async () => {
    const files = (colour: string): Files => ({
      ...chart(
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\ndata:\n  found: "{{ lookup "v1" "Namespace" "" "default" | len }}"\n  colour: {{ .Files.Get "colour.txt" }}\n',
      ),
      'helm/web/colour.txt': colour,
    });
    await bench.install(files('red'));
    expect(told(await bench.compare(files('red')))).toEqual([]);
    expect(told(await bench.compare(files('blue')))).toContainEqual(
      expect.stringMatching(/^changed ConfigMap NS\/web .*\/data\/colour/),
    );
  });
});

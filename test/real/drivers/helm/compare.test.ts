import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type HelmBench,
  helmBench,
  helms,
  recordOf,
  releaseWords,
  rewriteRecord,
  told,
  webChart,
} from './support/bench.ts';

describe.each(helms)('%s', (_, helm) => {
  let bench: HelmBench;
  beforeEach(async () => {
    bench = await helmBench(helm);
  });
  afterEach(() => bench.close());

  it('a release that helm installed as declared is in sync', async () => {
    await bench.install(webChart);
    const comparison = await bench.compare(webChart);
    expect(told(comparison)).toEqual([]);
    expect(comparison).toMatchObject({
      driver: 'helm',
      verdict: 'in-sync',
      resources: { declared: 2, inSync: 2 },
    });
  });

  it('a release that is not there is missing, with its objects', async () => {
    const comparison = await bench.compare(webChart);
    expect(told(comparison)).toEqual([
      'missing Release NS/web',
      'missing ConfigMap NS/web-settings',
      'missing Deployment NS/web',
    ]);
    expect(releaseWords(comparison)).toBe('the release web is not installed');
  });

  describe('what helm itself did', () => {
    it('helm upgrade --set: values are named without their values, with who and which revision', async () => {
      await bench.install(webChart);
      await bench.install(webChart, '--set', 'colour=blue', '--set', 'auth.password=letmein99');
      const comparison = await bench.compare(webChart);
      expect(told(comparison)).toEqual([
        'changed Release NS/web /values/auth/password /values/colour',
        'changed ConfigMap NS/web-settings /data/colour /data/login',
      ]);
      expect(releaseWords(comparison)).toBe('values changed by hand (helm upgrade by Helm, revision 2)');
      expect(comparison.findings[1]?.message).toBe('the release (revision 2) is otherwise than declared');
      expect(JSON.stringify(comparison)).not.toMatch(/opensesame|letmein99/);
    });

    it('helm upgrade --set that adds an object: the object is undeclared', async () => {
      await bench.install(webChart);
      await bench.install(webChart, '--set', 'extra=true');
      const comparison = await bench.compare(webChart);
      expect(told(comparison)).toEqual([
        'undeclared ConfigMap NS/web-extra /metadata/creationTimestamp',
        'changed Release NS/web /values/extra',
      ]);
      expect(comparison.findings[0]?.message).toBe(
        'only the release (revision 2) has it; the next upgrade deletes it',
      );
    });

    it('helm rollback: which revision somebody rolled back to', async () => {
      await bench.install(webChart, '--set', 'colour=blue');
      await bench.install(webChart, '--reset-values');
      expect(told(await bench.compare(webChart))).toEqual([]);
      await bench.helm('rollback', 'web', '1');
      expect(releaseWords(await bench.compare(webChart))).toBe(
        'rolled back by hand to revision 1 (helm rollback by Helm, revision 3)',
      );
    });

    it('helm uninstall: the release is missing; with kept history that is said', async () => {
      await bench.install(webChart);
      await bench.helm('uninstall', 'web', '--keep-history');
      const kept = await bench.compare(webChart);
      expect(kept.findings[0]?.type).toBe('missing');
      expect(releaseWords(kept)).toMatch(
        /^the release was uninstalled by Helm; its history is kept up to revision 1$/,
      );
      await bench.helm('uninstall', 'web');
      expect(releaseWords(await bench.compare(webChart))).toBe('the release web is not installed');
    });

    it('another version of the chart', async () => {
      const older = { ...webChart, 'helm/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 0.9.0\n' };
      await bench.install(older);
      const comparison = await bench.compare(webChart);
      expect(told(comparison)).toEqual(['changed Release NS/web /chart']);
      expect(comparison.findings[0]).toMatchObject({
        changes: [{ declared: 'web-1.0.0', live: 'web-0.9.0' }],
        message: 'the chart is another one (helm install by Helm, revision 1)',
      });
    });

    it('the same version of the chart with other templates', async () => {
      const other = {
        ...webChart,
        'helm/web/templates/all.yaml': `${webChart['helm/web/templates/all.yaml']}`.replace(
          'example.com/web:1',
          'example.com/web:2',
        ),
      };
      await bench.install(other);
      const comparison = await bench.compare(webChart);
      expect(told(comparison)).toEqual([
        'changed Release NS/web /manifest/Deployment/web',
        'changed Deployment NS/web /spec/template/spec/containers/name=web/image',
      ]);
      expect(releaseWords(comparison)).toMatch(/was rendered otherwise from a chart of the same version/);
    });

    it('an upgrade that failed', async () => {
      await bench.install(webChart);
      const broken = {
        ...webChart,
        'helm/web/templates/bad.yaml':
          'apiVersion: v1\nkind: Service\nmetadata: { name: bad }\nspec: { ports: [{ port: 99999999 }] }\n',
      };
      await expect(bench.install(broken)).rejects.toThrow();
      const comparison = await bench.compare(webChart);
      expect(told(comparison)).toEqual(['changed Release NS/web /status']);
      expect(releaseWords(comparison)).toBe('revision 2 by Helm failed');
    });

    it('an interrupted upgrade: pending, and since when', async () => {
      await bench.install(webChart);
      await bench.install(webChart, '--set', 'colour=blue');
      await rewriteRecord(bench, 2, 'pending-upgrade');
      await rewriteRecord(bench, 1, 'deployed');
      const comparison = await bench.compare(webChart);
      expect(releaseWords(comparison)).toMatch(
        /^an upgrade \(revision 2\) by .* is in progress since \d{4}-.*Z, or was interrupted$/,
      );
      expect(comparison.findings[0]?.changes?.[0]).toMatchObject({
        path: '/status',
        live: 'pending-upgrade',
      });
    });

    it('a deleted record: its objects are there without it', async () => {
      await bench.install(webChart);
      await bench.kubectl('delete', 'secret', recordOf(1));
      const comparison = await bench.compare(webChart);
      expect(told(comparison)).toEqual(['missing Release NS/web']);
      expect(releaseWords(comparison)).toBe(
        'the record of the release web is gone, and 2 of its objects are there',
      );
    });

    it('a record that nobody can read: unknown, and the objects are compared', async () => {
      await bench.install(webChart);
      await bench.kubectl('patch', 'secret', recordOf(1), '-p', '{"data":{"release":"bm9uc2Vuc2U="}}');
      const comparison = await bench.compare(webChart);
      expect(comparison.verdict).toBe('unknown');
      expect(releaseWords(comparison)).toMatch(/^HF1808 the record of web, revision 1, cannot be read/);
    });
  });

  describe('what others did', () => {
    it('an edited field: live moved, the release did not, and the values file and line that set it', async () => {
      const files = { ...webChart, 'helm/web/values-prod.yaml': '# for production\nreplicas: 3\n' };
      const settings = `environments: [prod]\nunits:\n  - { name: web, driver: helm, path: helm/web, namespace: ${bench.namespace} }\n`;
      await bench.install(files, '--set', 'replicas=3');
      await bench.kubectl('scale', 'deployment/web', '--replicas=5');
      const { unit, declaration } = await bench.declared(
        { ...files, 'holdfast.yaml': settings },
        undefined,
        'prod',
      );
      const { findings } = await bench.driver.compare(unit, declaration);
      expect(findings).toMatchObject([
        {
          type: 'changed',
          source: { file: 'helm/web/values-prod.yaml', line: 2 },
          changes: [{ path: '/spec/replicas', declared: 3, live: 5, by: { manager: 'kubectl' } }],
          message: 'changed live: the release (revision 1) is as declared',
        },
      ]);
    });

    it('a field that the template sets by itself: the line of the template', async () => {
      await bench.install(webChart);
      await bench.kubectl('set', 'image', 'deployment/web', 'web=example.com/web:9');
      expect((await bench.compare(webChart)).findings).toMatchObject([
        {
          source: { file: 'helm/web/templates/all.yaml', line: 21 },
          changes: [{ live: 'example.com/web:9' }],
        },
      ]);
    });

    it('a deleted object, an added key, a removed mark', async () => {
      await bench.install(webChart);
      await bench.kubectl('delete', 'deployment', 'web');
      await bench.kubectl('patch', 'configmap', 'web-settings', '-p', '{"data":{"more":"1"}}');
      const comparison = await bench.compare(webChart);
      expect(told(comparison)).toEqual([
        'undeclared ConfigMap NS/web-settings /data/more',
        'missing Deployment NS/web',
      ]);
      expect(comparison.findings[1]?.message).toBe('the release (revision 1) has it: it was deleted by hand');
    });

    it('installed by another tool: which one', async () => {
      const manifest = await bench.helm('template', 'web', await bench.folder(webChart));
      await bench.apply(manifest, '--server-side', '--field-manager=argocd-controller');
      const comparison = await bench.compare(webChart);
      expect(releaseWords(comparison)).toBe(
        '2 of its objects are there, installed by another tool (argocd-controller), and there is no release web',
      );
    });
  });

  describe('secrets', () => {
    it('a value that somebody set by hand under a key that is marked is not shown, wherever it landed', async () => {
      const files = {
        ...webChart,
        'holdfast.yaml': `units:\n  - { name: web, driver: helm, path: helm/web, namespace: NS, helm: { secretValues: ['mail.*'] } }\n`,
        'helm/web/templates/mail.yaml':
          'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: mail }\ndata:\n  by: us\n  {{- with .Values.mail }}\n  relay: {{ .relay }}\n  {{- end }}\n',
      };
      await bench.install(files, '--set', 'mail.relay=mx-4711.example.com');
      const comparison = await bench.compare(files);
      expect(told(comparison).sort()).toEqual([
        'changed Release NS/web /values/mail/relay',
        'undeclared ConfigMap NS/mail /data/relay',
      ]);
      expect(JSON.stringify(comparison)).not.toContain('mx-4711');
    });
  });
});

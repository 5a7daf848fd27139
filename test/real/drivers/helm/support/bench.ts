import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inject } from 'vitest';
import { runCommand } from '../../../../../sandbox/processes/run.ts';
import { provideTools } from '../../../../../sandbox/tools/provide.ts';
import { Connection } from '../../../../../src/cluster/connection.ts';
import type { Declaration, DeclaredUnit } from '../../../../../src/declared/declaration.ts';
import { declare } from '../../../../../src/declared/declare.ts';
import type { Driver } from '../../../../../src/drivers/driver.ts';
import { helmDriver } from '../../../../../src/drivers/helm/driver.ts';
import { withStatus } from '../../../../../src/drivers/helm/record.ts';
import { kubernetesDriver } from '../../../../../src/drivers/kubernetes/driver.ts';
import { type Comparison, resourceTitle } from '../../../../../src/findings/finding.ts';
import { mustKubectl } from '../../../support/kubectl.ts';
import { memoryTree, newNamespace } from '../../kubernetes/support/shop.ts';

const { helm4 } = await provideTools(['helm4']);

/** Both that there are: what is said of releases must hold for each. */
export const helms: [name: string, path: string][] = [
  ['Helm 3', inject('helm')],
  ['Helm 4', helm4],
];

export type Files = Readonly<Record<string, string>>;

/** A chart `web` in helm/web, with one ConfigMap and one Deployment that take from the values. */
export const webChart: Files = {
  'helm/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'helm/web/values.yaml': 'replicas: 1\ncolour: red\nextra: false\nauth:\n  password: opensesame\n',
  'helm/web/templates/all.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-settings
data:
  colour: {{ .Values.colour | quote }}
  login: "admin:{{ .Values.auth.password }}"
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: {{ .Release.Name }} } }
  template:
    metadata: { labels: { app: {{ .Release.Name }} } }
    spec:
      containers:
        - name: web
          image: example.com/web:1
{{- if .Values.extra }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-extra
data: { some: more }
{{- end }}
`,
};

/** What a release test is played with: a namespace, the driver, and the real helm. */
export interface HelmBench {
  readonly namespace: string;
  readonly driver: Driver;
  readonly connection: Connection;
  readonly helmPath: string;
  /** Runs helm in the namespace; a failure is thrown with what it said. */
  helm(...args: string[]): Promise<string>;
  /** Installs or upgrades the chart of these files with real helm, as people do. */
  install(files: Files, ...args: string[]): Promise<string>;
  /** The one Helm unit of these files; `revision` makes it one that can be converged. */
  declared(
    files: Files,
    revision?: string,
    environment?: string,
  ): Promise<{ unit: DeclaredUnit; declaration: Declaration }>;
  compare(files: Files): Promise<Comparison>;
  kubectl(...args: string[]): Promise<string>;
  /** `kubectl apply` of a text. */
  apply(manifest: string, ...args: string[]): Promise<void>;
  /** The chart of these files as a folder on disk. */
  folder(files: Files): Promise<string>;
  close(): Promise<void>;
}

export async function helmBench(helmPath = inject('helm')): Promise<HelmBench> {
  process.env['HOLDFAST_HELM'] = helmPath;
  const namespace = await newNamespace('helm');
  const connection = await Connection.open({ kubeconfig: inject('kubeconfig') });
  const driver = helmDriver({ connection, manifests: kubernetesDriver({ connection }) });
  const home = await mkdtemp(join(tmpdir(), 'holdfast-helm-'));
  const helm = async (...args: string[]) => {
    const env = { PATH: process.env['PATH'], HOME: home, KUBECONFIG: inject('kubeconfig') };
    const all = [...args, '--namespace', namespace];
    const { code, stdout, stderr } = await runCommand(helmPath, all, { env, timeoutMs: 60_000 });
    if (code !== 0) throw new Error(`helm ${args.join(' ')} ended with ${code}: ${stderr}`);
    return stdout;
  };
  let count = 0;
  const bench: HelmBench = {
    namespace,
    driver,
    connection,
    helmPath,
    helm,
    install: async (files, ...args) =>
      helm('upgrade', '--install', 'web', await bench.folder(files), ...args),
    async folder(files) {
      count += 1;
      const folder = join(home, `files-${count}`);
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), content);
      }
      const chart = Object.keys(files).find(path => path.endsWith('/Chart.yaml')) ?? '';
      return join(folder, dirname(chart));
    },
    async declared(files, revision, environment) {
      const settings = files['holdfast.yaml'] ?? unitYaml(namespace);
      const tree = memoryTree({ ...files, 'holdfast.yaml': settings.replaceAll('NS', namespace) });
      const declaration = await declare({ ...tree, revision: revision ?? null }, { environment });
      const unit = declaration.units.find(({ definition }) => definition.driver === 'helm');
      if (unit === undefined) throw new Error('no unit was declared');
      return { unit, declaration };
    },
    async compare(files) {
      const { unit, declaration } = await bench.declared(files);
      return driver.compare(unit, declaration);
    },
    async apply(manifest, ...args) {
      const all = ['-n', namespace, 'apply', ...args, '-f', '-'];
      const env = { PATH: process.env['PATH'], HOME: home, KUBECONFIG: inject('kubeconfig') };
      const { code, stderr } = await runCommand(inject('kubectl'), all, { env, stdin: manifest });
      if (code !== 0) throw new Error(`kubectl apply ended with ${code}: ${stderr}`);
    },
    kubectl: (...args) => mustKubectl('-n', namespace, ...args),
    async close() {
      connection.close();
      await rm(home, { recursive: true });
      await mustKubectl('delete', 'namespace', namespace, '--wait=false');
    },
  };
  return bench;
}

export function unitYaml(namespace: string, more = ''): string {
  return `units:\n  - { name: web, driver: helm, path: helm/web, namespace: ${namespace}${more} }\n`;
}

/** Findings in a few words each: type, resource, changed paths. */
export function told({ findings }: Comparison): string[] {
  return findings.map(({ type, resource, changes = [] }) => {
    const title = resourceTitle(resource).replace(/ helm-[a-z0-9-]+\//, ' NS/');
    return [type, title, ...changes.map(({ path }) => path)].join(' ');
  });
}

/** The words of the finding on the release itself. */
export function releaseWords({ findings }: Comparison): string | undefined {
  return findings.find(({ resource }) => 'type' in resource && resource.type === 'Release')?.message;
}

/** The Secret of a revision. */
export function recordOf(revision: number): string {
  return `sh.helm.release.v1.web.v${revision}`;
}

/** Gives a revision another status (and time), as helm leaves it when it is killed in the middle. */
export async function rewriteRecord(
  bench: HelmBench,
  revision: number,
  status: string,
  time?: string,
): Promise<void> {
  const secret = JSON.parse(await bench.kubectl('get', 'secret', recordOf(revision), '-o', 'json'));
  const next = withStatus(secret, status, 'Preparing upgrade', time);
  const patch = JSON.stringify({ data: next['data'], metadata: { labels: { status } } });
  await bench.kubectl('patch', 'secret', recordOf(revision), '--field-manager=helm', '-p', patch);
}

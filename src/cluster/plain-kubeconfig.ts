import { existsSync, readFileSync } from 'node:fs';
import type https from 'node:https';
import { dirname, join, resolve } from 'node:path';
import { load } from 'js-yaml';
import { z } from 'zod';
import type { Config } from './kubeconfig.ts';

const text = z.string().min(1);
const clusterSchema = z.strictObject({
  server: z.url({ protocol: /^https?$/ }),
  'certificate-authority': text.optional(),
  'certificate-authority-data': text.optional(),
  'insecure-skip-tls-verify': z.boolean().optional(),
  'tls-server-name': text.optional(),
  extensions: z.unknown().optional(),
});
const userSchema = z.strictObject({
  'client-certificate': text.optional(),
  'client-certificate-data': text.optional(),
  'client-key': text.optional(),
  'client-key-data': text.optional(),
  token: text.optional(),
  extensions: z.unknown().optional(),
});
const fileSchema = z.object({
  'current-context': z.string().optional(),
  clusters: z.array(z.object({ name: z.string(), cluster: z.unknown() })),
  contexts: z.array(
    z.object({
      name: z.string(),
      context: z.object({ cluster: z.string(), user: z.string(), namespace: z.string().optional() }),
    }),
  ),
  users: z.array(z.object({ name: z.string(), user: z.unknown() })),
});

/**
 * The common kubeconfigs, read here: one file whose user has a certificate or a token, and the service account of a Pod. Loading
 * `@kubernetes/client-node` takes half a second and 80 MB. Undefined for all else (exec plugins, providers, proxies, several
 * files, mistakes): that is for the library, and for its words.
 */
export function plainKubeConfig(
  options: { kubeconfig?: string | undefined; context?: string | undefined },
  env: Readonly<Record<string, string | undefined>> = process.env,
): Config | undefined {
  const file = options.kubeconfig ?? defaultFile(env);
  if (file !== undefined) return fromFile(file, options.context);
  return options.context === undefined ? ofPod(env) : undefined;
}

/** As kubectl finds it; undefined also where several files are named. */
function defaultFile(env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (env['KUBECONFIG']) return env['KUBECONFIG'];
  const home = env['HOME'] === undefined ? undefined : join(env['HOME'], '.kube', 'config');
  return home !== undefined && existsSync(home) ? home : undefined;
}

function fromFile(file: string, context: string | undefined): Config | undefined {
  try {
    const config = fileSchema.parse(load(readFileSync(file, 'utf8')));
    const wanted = context ?? config['current-context'];
    const [chosen, another] = config.contexts.filter(({ name }) => name === wanted);
    if (chosen === undefined || another !== undefined) return undefined;
    const { cluster: clusterName, user: userName, namespace } = chosen.context;
    const clusters = config.clusters.filter(({ name }) => name === clusterName);
    const users = config.users.filter(({ name }) => name === userName);
    if (clusters.length !== 1 || users.length !== 1) return undefined;
    const cluster = clusterSchema.parse(clusters[0]?.cluster);
    const user = userSchema.parse(users[0]?.user);
    const bytes = (path: string | undefined, data: string | undefined) => {
      if (path !== undefined && data !== undefined) throw new Error('twice');
      if (path !== undefined) return readFileSync(resolve(dirname(file), path));
      return data === undefined ? undefined : Buffer.from(data, 'base64');
    };
    const tls: https.AgentOptions = {
      ...given('ca', bytes(cluster['certificate-authority'], cluster['certificate-authority-data'])),
      ...given('cert', bytes(user['client-certificate'], user['client-certificate-data'])),
      ...given('key', bytes(user['client-key'], user['client-key-data'])),
      ...given('servername', cluster['tls-server-name']),
      ...(cluster['insecure-skip-tls-verify'] === true && { rejectUnauthorized: false }),
    };
    const headers = user.token === undefined ? {} : { Authorization: `Bearer ${user.token}` };
    const request = { headers, tls, agent: undefined };
    return {
      server: cluster.server,
      namespace: namespace || 'default',
      requestOptions: () => Promise.resolve(request),
    };
  } catch {
    return undefined;
  }
}

function given<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]?: V });
}

const account = '/var/run/secrets/kubernetes.io/serviceaccount';
/** Kubelets write a new token well before the old one ends: it is read again this often, in milliseconds, as client-go does. */
const tokenAge = 60_000;

/** The service account of the Pod that we run in, if we do; `folder` is where it is mounted. */
export function ofPod(
  env: Readonly<Record<string, string | undefined>>,
  folder: string = account,
  now: () => number = Date.now,
): Config | undefined {
  const [host, port] = [env['KUBERNETES_SERVICE_HOST'], env['KUBERNETES_SERVICE_PORT']];
  if (
    !host ||
    !port ||
    !/^\d+$/.test(port) ||
    !existsSync(`${folder}/token`) ||
    !existsSync(`${folder}/ca.crt`)
  )
    return undefined;
  const read = (name: string) => readFileSync(`${folder}/${name}`, 'utf8').trim();
  const ca = readFileSync(`${folder}/ca.crt`);
  let token = { text: read('token'), at: now() };
  /** The one at hand may still be good where the file cannot be read for a moment. */
  const renewed = () => {
    try {
      return read('token') || token.text;
    } catch {
      return token.text;
    }
  };
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    namespace: existsSync(`${folder}/namespace`) ? read('namespace') || 'default' : 'default',
    requestOptions() {
      if (now() - token.at >= tokenAge) token = { text: renewed(), at: now() };
      return Promise.resolve({
        headers: { Authorization: `Bearer ${token.text}` },
        tls: { ca },
        agent: undefined,
      });
    },
  };
}

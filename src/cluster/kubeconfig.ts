import { existsSync, statSync } from 'node:fs';
import type http from 'node:http';
import type https from 'node:https';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { z } from 'zod';
import { Failure, toFailure, type Where } from '../failure/failure.ts';
import { plainKubeConfig } from './plain-kubeconfig.ts';

export interface RequestOptions {
  headers: http.OutgoingHttpHeaders;
  tls: https.AgentOptions;
  /** Set where the kubeconfig asks for a proxy. */
  agent: http.Agent | undefined;
}

/** What a connection needs of a kubeconfig; `requestOptions` renews tokens and runs exec plugins where one is due. */
export interface Config {
  server: string;
  namespace: string;
  requestOptions(): Promise<RequestOptions>;
}

/** Where the YAML is wrong, and none of what the parser quotes from around it: that may be a token or a key. */
function notYaml(error: unknown, where: Where): Failure | undefined {
  const { success, data } = yamlError.safeParse(error);
  if (!success) return undefined;
  return new Failure('HF1304', `the kubeconfig is no valid YAML: see line ${data.mark.line + 1}`, { where });
}

/** Which kubeconfig cannot be read, and why, in words of our own; undefined for what is no error of the file system. */
function unreadable(error: unknown, kubeconfig: string | undefined): Failure | undefined {
  const { success, data } = fileError.safeParse(error);
  if (!success) return undefined;
  // for a folder the system names none: it could be opened, and not read
  const file = data.path ?? filesOf(kubeconfig).find(isFolder) ?? kubeconfig;
  const where = file === undefined ? {} : { file };
  if (data.code === 'ENOENT')
    return new Failure('HF1304', `there is no kubeconfig at ${file}`, { cause: error });
  return new Failure('HF1304', `the kubeconfig cannot be read: ${reasons[data.code]}`, {
    where,
    cause: error,
  });
}

const reasons = {
  ENOENT: 'it is not there',
  EISDIR: 'it is a folder, not a file',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  ENOTDIR: 'what its path takes for a folder is a file',
  ELOOP: 'its path is a circle of symbolic links',
};

const fileError = z.object({
  code: z.literal(['ENOENT', 'EISDIR', 'EACCES', 'EPERM', 'ENOTDIR', 'ELOOP']),
  path: z.string().optional(),
});

function filesOf(kubeconfig: string | undefined): string[] {
  if (kubeconfig !== undefined) return [kubeconfig];
  const named = process.env['KUBECONFIG']?.split(delimiter).filter(Boolean) ?? [];
  return named.length > 0 ? named : [join(process.env['HOME'] ?? homedir(), '.kube', 'config')];
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** An error of the YAML parser; its lines count from 0. */
const yamlError = z.object({
  name: z.literal('YAMLException'),
  mark: z.object({ line: z.number() }),
});

/**
 * The kubeconfig as kubectl finds it: `--kubeconfig`, `KUBECONFIG`, `~/.kube/config`, the Pod's service account.
 * Throws HF1304 with the file or the context that is wrong.
 */
export async function loadKubeConfig(options: {
  kubeconfig?: string | undefined;
  context?: string | undefined;
}): Promise<Config> {
  const plain = plainKubeConfig(options);
  if (plain !== undefined) return plain;
  const { KubeConfig } = await import('@kubernetes/client-node');
  const kube = new KubeConfig();
  try {
    if (options.kubeconfig === undefined) kube.loadFromDefault();
    else if (existsSync(options.kubeconfig)) kube.loadFromFile(options.kubeconfig);
    else throw new Failure('HF1304', `there is no kubeconfig at ${options.kubeconfig}`);
  } catch (error) {
    const where = options.kubeconfig === undefined ? {} : { file: options.kubeconfig };
    throw unreadable(error, options.kubeconfig) ?? notYaml(error, where) ?? toFailure(error, 'HF1304', where);
  }
  if (options.context !== undefined) {
    if (kube.getContextObject(options.context) === null) {
      const known = kube.getContexts().map(context => context.name);
      throw new Failure(
        'HF1304',
        `the kubeconfig has no context ${options.context}; it has ${known.join(', ') || 'none'}`,
      );
    }
    kube.setCurrentContext(options.context);
  }
  const cluster = kube.getCurrentCluster();
  // What the library makes up when it finds no kubeconfig at all.
  if (cluster?.name === 'cluster' && cluster.server === 'http://localhost:8080') {
    throw new Failure(
      'HF1304',
      'there is no kubeconfig: neither KUBECONFIG nor ~/.kube/config, and we run in no Pod',
    );
  }
  if (cluster === null)
    throw new Failure('HF1304', 'the kubeconfig names no cluster for its current context');
  // The library refuses a server without TLS, which kubectl allows, unless told that nothing is to be verified.
  if (cluster.server.startsWith('http:')) Object.assign(cluster, { skipTLSVerify: true });
  return {
    server: cluster.server,
    namespace: kube.getContextObject(kube.getCurrentContext())?.namespace ?? 'default',
    async requestOptions() {
      const applied: https.RequestOptions = { headers: {} };
      await kube.applyToHTTPSOptions(applied);
      const headers = { ...(applied.headers as http.OutgoingHttpHeaders) };
      if (typeof applied.auth === 'string')
        headers['authorization'] = `Basic ${Buffer.from(applied.auth).toString('base64')}`;
      const { ca, cert, key, passphrase, rejectUnauthorized, servername } = applied;
      const tls = Object.fromEntries(
        Object.entries({ ca, cert, key, passphrase, rejectUnauthorized, servername }).filter(
          ([, value]) => value !== undefined,
        ),
      );
      return { headers, tls, agent: cluster.proxyUrl ? (applied.agent as http.Agent) : undefined };
    },
  };
}

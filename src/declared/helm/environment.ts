import type { ChildLimits } from '../../programs/child.ts';
import type { Workspace } from '../../programs/workspace.ts';

/** What helm may use to render a chart once. */
export const helmLimits: ChildLimits = {
  timeMs: 60_000,
  outputBytes: 64 * 1024 * 1024,
  memoryBytes: 2 * 1024 * 1024 * 1024,
};

const nowhere = 'http://127.0.0.1:1';

/** No program is on its path, it has no plugins, no cluster, and what asks for the network is sent where nobody listens. */
export function helmEnvironment(
  { home }: Pick<Workspace, 'home'>,
  limits: ChildLimits,
): Record<string, string> {
  return {
    PATH: home,
    HOME: home,
    TMPDIR: home,
    HELM_CACHE_HOME: `${home}/cache`,
    HELM_CONFIG_HOME: `${home}/config`,
    HELM_DATA_HOME: `${home}/data`,
    HELM_PLUGINS: `${home}/plugins`,
    HELM_NO_PLUGINS: '1',
    KUBECONFIG: '/dev/null',
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    ALL_PROXY: nowhere,
    LC_ALL: 'C',
    GOMAXPROCS: '2',
    GOMEMLIMIT: String(Math.floor(limits.memoryBytes / 2)),
  };
}

const passedOn = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
];

/** The same for fetching a chart: with the network as this process has it. */
export function fetchEnvironment(
  workspace: Pick<Workspace, 'home'>,
  limits: ChildLimits,
  own: NodeJS.ProcessEnv,
): Record<string, string> {
  const {
    HTTP_PROXY: _http,
    HTTPS_PROXY: _https,
    ALL_PROXY: _all,
    ...closed
  } = helmEnvironment(workspace, limits);
  const given = passedOn.flatMap(name => (own[name] === undefined ? [] : [[name, own[name]] as const]));
  return { ...closed, ...Object.fromEntries(given) };
}

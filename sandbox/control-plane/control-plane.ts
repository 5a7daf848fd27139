import type { SandboxUser } from './credentials.ts';
import type { Etcd } from './etcd.ts';

/** What to start. By default everything: a cluster in which workloads become ready. */
export interface ControlPlaneOptions {
  /** Controller manager: ReplicaSets, garbage collection, namespaces that end, default service accounts. */
  controllers?: boolean;
  /** Scheduler, KWOK and one node: Pods that run. Needs the controllers to be of use. */
  node?: boolean;
  /** The ServiceAccount admission plugin. Without controllers no Pod could be made with it, so it follows them. */
  serviceAccountAdmission?: boolean;
  /** Further users with a token each; they may do what RBAC gives them. */
  users?: readonly SandboxUser[];
  /** Further arguments of kube-apiserver. */
  apiServerArgs?: readonly string[];
}

/** A running control plane. Everything that it is ends with `stop`, or with our process. */
export interface ControlPlane {
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** `https://127.0.0.1:PORT`, the same over restarts. */
  readonly server: string;
  /** The administrator's token. */
  readonly token: string;
  /** The API server's certificate, PEM. */
  readonly certificate: Buffer;
  /** Data and logs (`kube-apiserver.log` …); removed by `stop`. */
  readonly dataDir: string;
  /** Path of a kubectl that fits the server. */
  readonly kubectl: string;
  /** Path of a kubeconfig for one of `users`. */
  kubeconfigFor(user: string): string;
  /** The token of one of `users`. */
  tokenOf(user: string): string;
  /** SIGKILL to the API server; it stays away until `startApiServer`. */
  killApiServer(): Promise<void>;
  /** Starts the API server again, on the same port with the same data. Does nothing when it runs. */
  startApiServer(): Promise<void>;
  /** SIGTERM and a new start of the API server; watches that do not end within 1.5 s are cut. */
  restartApiServer(): Promise<void>;
  /** The store behind the API server. */
  readonly etcd: Etcd;
  stop(): Promise<void>;
}

import type { ToolName, ToolSet } from './catalogue.ts';

/** A published archive with tools in it, and the digest without which it is not opened. */
export interface Release {
  set: ToolSet['name'];
  /** As Node names it: `linux-x64`. */
  platform: string;
  url: string;
  digest: { algorithm: 'sha256' | 'sha512'; hex: string };
  /** Where in the archive each tool is. */
  members: Readonly<Partial<Record<ToolName, string>>>;
}

const kubernetesMembers = {
  'kube-apiserver': 'kubernetes/server/bin/kube-apiserver',
  'kube-controller-manager': 'kubernetes/server/bin/kube-controller-manager',
  'kube-scheduler': 'kubernetes/server/bin/kube-scheduler',
  kubectl: 'kubernetes/server/bin/kubectl',
} as const;

/**
 * The releases that may take the place of a build. The digests of Kubernetes are those of its own CHANGELOG-1.34.md (v1.34.4,
 * server binaries); those of Helm are pinned alike by several projects that install it, Argo CD among them.
 *
 * etcd, KWOK and Gitea are always built: no digest of these releases was at hand that did not come from the very server that
 * the binary comes from, and a pin that was copied from there proves nothing. Other platforms are built for the same reason.
 */
export const releases: readonly Release[] = [
  {
    set: 'kubernetes',
    platform: 'linux-x64',
    url: 'https://dl.k8s.io/v1.34.4/kubernetes-server-linux-amd64.tar.gz',
    digest: {
      algorithm: 'sha512',
      hex: '65c75e81e3ea488f6d42b493cad64d7577ddfa1e5372037a1c841ac069039997d359b5b2f2d44e7665bf04c48ed0065cf9d4c9801b1e63bb6a1b099ef00d4863',
    },
    members: kubernetesMembers,
  },
  {
    set: 'kubernetes',
    platform: 'linux-arm64',
    url: 'https://dl.k8s.io/v1.34.4/kubernetes-server-linux-arm64.tar.gz',
    digest: {
      algorithm: 'sha512',
      hex: 'a1fad7060ed67b5634f32f3256a295179dd887dab5c82b8550c2eb62c69df34cfbb311c8f93e7608d558eba32b9e2ddc23976db39e512fd747cc6bf9b4c1765f',
    },
    members: kubernetesMembers,
  },
  {
    set: 'helm',
    platform: 'linux-x64',
    url: 'https://get.helm.sh/helm-v3.19.4-linux-amd64.tar.gz',
    digest: { algorithm: 'sha256', hex: '759c656fbd9c11e6a47784ecbeac6ad1eb16a9e76d202e51163ab78504848862' },
    members: { helm: 'linux-amd64/helm' },
  },
  {
    set: 'helm',
    platform: 'linux-arm64',
    url: 'https://get.helm.sh/helm-v3.19.4-linux-arm64.tar.gz',
    digest: { algorithm: 'sha256', hex: '9e1064f5de43745bdedbff2722a1674d0397bc4b4d8d8196d52a2b730909fe62' },
    members: { helm: 'linux-arm64/helm' },
  },
];

/** The releases of a set for a platform. */
export function releasesOf(set: ToolSet, platform = `${process.platform}-${process.arch}`): Release[] {
  return releases.filter(release => release.set === set.name && release.platform === platform);
}

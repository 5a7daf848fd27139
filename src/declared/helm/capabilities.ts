import { hashText } from '../hash.ts';

/** What a chart is told of the cluster. */
export interface Capabilities {
  /** `v1.34.4`. */
  kubernetesVersion: string;
  /** `apps/v1` and `apps/v1/Deployment`, sorted; empty for what helm takes for granted. */
  apiVersions: readonly string[];
  /** Whether the release is there already: what helm renders for an upgrade, else for an installation. */
  upgrade?: boolean;
}

/** Without a cluster: the version of the shipped schemas, and what helm takes for granted. */
export const defaultCapabilities: Capabilities = { kubernetesVersion: 'v1.34.0', apiVersions: [] };

export function capabilitiesKey({ kubernetesVersion, apiVersions, upgrade }: Capabilities): string {
  return hashText(JSON.stringify([kubernetesVersion, apiVersions, upgrade === true]));
}

export function capabilityArgs({ kubernetesVersion, apiVersions, upgrade }: Capabilities): string[] {
  return [
    '--kube-version',
    kubernetesVersion,
    ...(apiVersions.length === 0 ? [] : ['--api-versions', apiVersions.join(',')]),
    ...(upgrade === true ? ['--is-upgrade'] : []),
  ];
}

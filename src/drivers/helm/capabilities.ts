import { z } from 'zod';
import type { Cluster } from '../../cluster/cluster.ts';
import type { Capabilities } from '../../declared/helm/capabilities.ts';
import { Failure } from '../../failure/failure.ts';

const versionSchema = z.object({ gitVersion: z.string().regex(/^v\d+\.\d+\.\d+/) });
const versions = new WeakMap<Cluster, Promise<string>>();

/** What charts are told of a cluster, as Helm itself would ask it: its version, and all groups, versions and kinds. Throws HF13xx. */
export async function capabilitiesOf(cluster: Cluster): Promise<Capabilities> {
  const [kubernetesVersion, kinds] = await Promise.all([versionOf(cluster), cluster.kinds()]);
  const named = kinds.served.flatMap(({ apiVersion, kind }) => [apiVersion, `${apiVersion}/${kind}`]);
  return { kubernetesVersion, apiVersions: [...new Set(named)].sort() };
}

function versionOf(cluster: Cluster): Promise<string> {
  const known = versions.get(cluster);
  if (known !== undefined) return known;
  const asked = cluster
    .call({ path: '/version', asked: { verb: 'get', resource: 'the version' } })
    .then(({ body }) => {
      const parsed = versionSchema.safeParse(body);
      if (!parsed.success) throw new Failure('HF1308', 'the answer to /version is none');
      return parsed.data.gitVersion;
    });
  versions.set(cluster, asked);
  asked.catch(() => versions.delete(cluster));
  return asked;
}

/** Asks for a server's version anew the next time: it may have been upgraded. */
export function forgetVersion(cluster: Cluster): void {
  versions.delete(cluster);
}

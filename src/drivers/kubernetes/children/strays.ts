import type { Holder, Images, PodFacts } from './facts.ts';

/** One way in which a child does not run the template of its workload. */
export interface Stray {
  child: { kind: 'Pod' | 'ReplicaSet'; name: string; uid: string };
  /** `image`: edited in place. `digest`: another image under the same tag. `added`: a container beside those of the template. */
  what: 'image' | 'digest' | 'added' | 'template';
  /** Where in the child; empty for a template as a whole. */
  path: readonly string[];
  expected?: string;
  found?: string;
}

/** What a workload controls; Pods are under the holder that they were made from. */
export interface Lineage {
  workload: Holder;
  kind: string;
  holders: readonly { holder: Holder; pods: readonly PodFacts[] }[];
}

/**
 * What of a workload's children does not run as it should. Each Pod is held to the template that it was made from, which during a
 * rollout may be an older one; the newest ReplicaSet is held to its Deployment. Containers that admission injects do not count,
 * nor does an image of the same name and tag that admission took from elsewhere.
 */
export function straysOf({ workload, kind, holders }: Lineage): Stray[] {
  const found: Stray[] = [];
  for (const { holder, pods } of holders) {
    if (kind === 'Deployment' && isNewest(holder, workload) && holder.template !== workload.template)
      found.push({
        child: { kind: 'ReplicaSet', name: holder.name, uid: holder.uid },
        what: 'template',
        path: [],
      });
    for (const pod of pods) found.push(...strayImages(pod, holder.images), ...strayContainers(pod));
    found.push(...strayDigests(pods));
  }
  return found;
}

/** The ReplicaSet that a Deployment is said to run, as long as its controller has nothing to do for it. */
function isNewest(set: Holder, deployment: Holder): boolean {
  const known = deployment.revision !== undefined && set.revision === deployment.revision;
  const settled = deployment.observed && !deployment.paused && !deployment.terminating;
  return known && settled && !set.terminating && set.replicas !== 0;
}

function strayImages(pod: PodFacts, wanted: Images): Stray[] {
  return Object.entries(wanted).flatMap(([place, expected]): Stray[] => {
    const found = pod.images[place];
    if (found === undefined || found === expected) return [];
    if (pod.edited === false && isSameElsewhere(expected, found)) return [];
    return [
      { child: childOf(pod), what: 'image', path: ['spec', ...place.split('/'), 'image'], expected, found },
    ];
  });
}

/** Whether two images have the same name and tag, and one only says more exactly, or otherwise, where to take it from. */
export function isSameElsewhere(expected: string, found: string): boolean {
  const [a, b] = [partsOf(expected), partsOf(found)];
  const sameName = a.name === b.name && (b.tag === a.tag || (b.tag === undefined && b.digest !== undefined));
  return sameName && (a.digest === undefined || a.digest === b.digest);
}

function partsOf(image: string): { name: string; tag: string | undefined; digest: string | undefined } {
  const [place = '', digest] = image.split('@');
  const last = place.slice(place.lastIndexOf('/') + 1);
  const [name = '', tag] = last.split(':');
  return { name, tag: tag ?? (digest === undefined ? 'latest' : undefined), digest };
}

function strayContainers(pod: PodFacts): Stray[] {
  return pod.ephemeral.map(name => ({
    child: childOf(pod),
    what: 'added',
    path: ['spec', 'ephemeralContainers', `name=${name}`],
  }));
}

/** Pods of one template in which one tag came to be different images; those that run what fewer run. */
function strayDigests(pods: readonly PodFacts[]): Stray[] {
  const byImage = new Map<string, { pod: PodFacts; place: string; digest: string }[]>();
  for (const pod of pods) {
    for (const [place, digest] of Object.entries(pod.digests)) {
      const key = `${place} ${pod.images[place]}`;
      byImage.set(key, [...(byImage.get(key) ?? []), { pod, place, digest }]);
    }
  }
  return [...byImage.values()].flatMap(running => {
    const usual = mostCommon(running.map(({ digest }) => digest));
    return running
      .filter(({ digest }) => digest !== usual)
      .map(({ pod, place, digest }): Stray => {
        const [list, name = ''] = place.split('/');
        const statuses = list === 'containers' ? 'containerStatuses' : 'initContainerStatuses';
        const path = ['status', statuses, name, 'imageID'];
        return { child: childOf(pod), what: 'digest', path, expected: usual, found: digest };
      });
  });
}

/** The text that occurs most; of several the first in the alphabet, so that the answer does not depend on an order. */
function mostCommon(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const each of texts) counts.set(each, (counts.get(each) ?? 0) + 1);
  const [first] = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return first?.[0] ?? '';
}

function childOf({ name, uid }: PodFacts): Stray['child'] {
  return { kind: 'Pod', name, uid };
}

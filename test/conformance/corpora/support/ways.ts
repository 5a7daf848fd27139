import { runCommand } from '../../../../sandbox/processes/run.ts';
import { bodyOf } from '../../../../src/cluster/target.ts';
import type { DeclaredObject } from '../../../../src/declared/declaration.ts';
import { messageOf, type Place, targetIn } from './world.ts';
import type { Part } from './worlds.ts';

/** Brings objects onto the cluster; returns what the server said of those that it refused. */
export type Way = (place: Place, part: Part, objects: readonly DeclaredObject[]) => Promise<string[]>;

/** The four ways in which objects come to be on a cluster. */
export const ways = {
  'server-side apply by us': byUs,
  'kubectl apply --server-side': byKubectl('apply', '--server-side'),
  'kubectl apply': byKubectl('apply'),
  'kubectl create': byKubectl('create'),
} satisfies Record<string, Way>;

export type WayName = keyof typeof ways;

async function byUs(place: Place, part: Part, objects: readonly DeclaredObject[]): Promise<string[]> {
  const refused: string[] = [];
  const queue = objects.values();
  const work = async () => {
    for (const object of queue) {
      const target = await targetIn(place, part, object);
      if (target === undefined)
        refused.push(`no matches for kind ${object.ref.kind} of ${object.ref.apiVersion}`);
      else {
        await place.cluster
          .apply(target, bodyOf(target, object.object), { dryRun: false })
          .catch(error => refused.push(messageOf(error)));
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return refused;
}

/** The objects as they were read, nothing left out, in one run of kubectl. */
function byKubectl(...verb: readonly string[]): Way {
  return async (place, part, objects) => {
    const env = {
      PATH: '/nowhere',
      HOME: place.controlPlane.dataDir,
      KUBECONFIG: place.kubeconfigIn(part.namespace),
    };
    const stdin = objects.map(({ object }) => JSON.stringify(object)).join('\n---\n');
    const args = [...verb, '-f', '-'];
    const { stderr } = await runCommand(place.controlPlane.kubectl, args, { env, stdin, timeoutMs: 600_000 });
    return stderr.split('\n').filter(line => line !== '' && !line.startsWith('Warning:'));
  };
}

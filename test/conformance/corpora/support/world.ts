import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ControlPlane, startControlPlane } from '../../../../sandbox/control-plane/start.ts';
import { Cluster, type Target } from '../../../../src/cluster/cluster.ts';
import { Connection } from '../../../../src/cluster/connection.ts';
import { isNotFound } from '../../../../src/cluster/failures.ts';
import { targetOf } from '../../../../src/cluster/target.ts';
import type { DeclaredObject } from '../../../../src/declared/declaration.ts';
import { isFailure, readOnce } from '../../../../src/drivers/kubernetes/live/read.ts';
import { scopesOf } from '../../../../src/drivers/kubernetes/live/scopes.ts';
import type { JsonObject } from '../../../../src/json/json.ts';
import { waitUntil } from '../../../real/support/wait-until.ts';
import { type Part, unitOf } from './worlds.ts';

/** A cluster of its own for one world and one way. */
export interface Place {
  controlPlane: ControlPlane;
  connection: Connection;
  cluster: Cluster;
  /** A kubeconfig whose context has the namespace: `kubectl --namespace` refuses objects that name another one. */
  kubeconfigIn(namespace: string): string;
  close(): Promise<void>;
}

export async function openPlace(): Promise<Place> {
  const controlPlane = await startControlPlane();
  const connection = await Connection.open({ kubeconfig: controlPlane.kubeconfig });
  return {
    controlPlane,
    connection,
    cluster: new Cluster(connection),
    kubeconfigIn(namespace) {
      const file = join(controlPlane.dataDir, `in-${namespace}.kubeconfig`);
      const config = JSON.parse(readFileSync(controlPlane.kubeconfig, 'utf8'));
      config.contexts[0].context.namespace = namespace;
      writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
      return file;
    },
    async close() {
      connection.close();
      await controlPlane.stop();
    },
  };
}

/** An object of a part. */
export interface Member {
  part: Part;
  object: DeclaredObject;
}

/** Where an object of the part lives; undefined where the server does not serve its kind. */
export async function targetIn(
  place: Place,
  part: Part,
  object: DeclaredObject,
): Promise<Target | undefined> {
  return targetOf(await place.cluster.kinds(), unitOf(part, []), object);
}

export async function liveAt(place: Place, target: Target): Promise<JsonObject | undefined> {
  return place.cluster.get(target).catch(error => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
}

/** What the server has of these objects; what it cannot give is left out, as is what is not there. */
export async function readAll(
  place: Place,
  members: readonly Member[],
): Promise<Map<DeclaredObject, JsonObject>> {
  const targeted = await Promise.all(
    members.map(async ({ part, object }) => ({ object, target: await targetIn(place, part, object) })),
  );
  const placed = targeted.flatMap(({ object, target }) => (target === undefined ? [] : [{ object, target }]));
  const live = new Map<DeclaredObject, JsonObject>();
  await Promise.all(
    scopesOf(placed).map(scope =>
      readOnce(place.cluster, scope, ({ object }, reading) => {
        if (reading !== undefined && !isFailure(reading)) live.set(object, reading);
      }),
    ),
  );
  return live;
}

/** Makes the namespaces that objects need and nobody declares, and waits until Pods can be made in them. */
export async function provideNamespaces(place: Place, names: Iterable<string>): Promise<void> {
  const kinds = await place.cluster.kinds();
  const [namespaces, accounts] = [kinds.find('v1', 'Namespace'), kinds.find('v1', 'ServiceAccount')];
  if (namespaces === undefined || accounts === undefined) throw new Error('the server serves no namespaces');
  await Promise.all(
    [...names].map(async name => {
      const target = { kind: namespaces, name };
      if ((await liveAt(place, target)) === undefined) {
        const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
        await place.cluster.create(target, body, { dryRun: false });
      }
      const account = { kind: accounts, namespace: name, name: 'default' };
      await waitUntil(
        `an account in ${name}`,
        async () => (await liveAt(place, account)) !== undefined,
        60_000,
      );
    }),
  );
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

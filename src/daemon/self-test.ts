import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../cluster/cluster.ts';
import { ApiFailure } from '../cluster/failures.ts';
import { Failure } from '../failure/failure.ts';
import { isOutage } from '../failure/outage.ts';

/** One request that must be refused for an observer. */
interface Attempt {
  what: string;
  /** The server must refuse it for the rights of the account, or by an admission policy. */
  send(): Promise<unknown>;
  /** Takes back what should not have been possible. */
  undo?(): Promise<unknown>;
}

/**
 * Tries what an observer must not be able to do, and throws HF1611 when the server lets any of it through: a real write, a token
 * for itself (also by a dry run, which answers with one that works), and a change of what the server admits. It leaves nothing
 * behind, or says what. Throws HF13xx when the server cannot be asked: an observer that cannot tell does not run.
 */
export async function selfTest(cluster: Cluster, namespace: string): Promise<void> {
  for (const attempt of attempts(cluster, namespace)) {
    if (await isRefused(attempt)) continue;
    const left = await attempt.undo?.().then(
      () => '',
      () => ', and not delete it again: delete it yourself',
    );
    throw new Failure('HF1611', `the API server let the observer ${attempt.what}${left ?? ''}`);
  }
}

/** As `selfTest`, and waits while the server cannot be asked. Returns false when the signal fires first. */
export async function untilTested(
  cluster: Cluster,
  namespace: string,
  { signal, onWait }: { signal: AbortSignal; onWait: (error: unknown) => void },
): Promise<boolean> {
  for (let pause = 500; !signal.aborted; pause = Math.min(pause * 2, 10_000)) {
    try {
      await selfTest(cluster, namespace);
      return true;
    } catch (error) {
      if (!(error instanceof Failure) || !isOutage(error.code)) throw error;
      onWait(error);
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }
  return false;
}

function attempts(cluster: Cluster, namespace: string): Attempt[] {
  const name = `holdfast-self-test-${randomBytes(4).toString('hex')}`;
  const inNamespace = `/api/v1/namespaces/${encodeURIComponent(namespace)}`;
  const admission = '/apis/admissionregistration.k8s.io/v1';
  const post = (path: string, body: object, dryRun: boolean) => () =>
    cluster.call({
      method: 'POST',
      path,
      query: dryRun ? { dryRun: 'All' } : {},
      body,
      asked: { verb: 'create', resource: path, subject: name },
    });
  return [
    {
      what: `create the ConfigMap ${namespace}/${name}`,
      send: post(
        `${inNamespace}/configmaps`,
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } },
        false,
      ),
      undo: () =>
        cluster.call({
          method: 'DELETE',
          path: `${inNamespace}/configmaps/${name}`,
          asked: { verb: 'delete', resource: 'configmaps', subject: name },
        }),
    },
    {
      what: 'get a token by a dry run',
      send: post(
        `${inNamespace}/serviceaccounts/default/token`,
        { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences: [] } },
        true,
      ),
    },
    ...[
      ['ValidatingAdmissionPolicyBinding', 'validatingadmissionpolicybindings', policyBinding],
      ['MutatingWebhookConfiguration', 'mutatingwebhookconfigurations', {}],
    ].map(([kind, plural, more]): Attempt => {
      const object = {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind,
        metadata: { name },
        ...Object(more),
      };
      return { what: `create a ${String(kind)}`, send: post(`${admission}/${String(plural)}`, object, true) };
    }),
  ];
}

const policyBinding = { spec: { policyName: 'holdfast-self-test', validationActions: ['Audit'] } };

/** Only a 403 is a refusal: what is merely wrong proves nothing. A policy of this server may answer 422 for the same. */
async function isRefused({ send }: Attempt): Promise<boolean> {
  try {
    await send();
    return false;
  } catch (error) {
    if (!(error instanceof ApiFailure) || error.code === 'HF1308') throw error;
    if (error.status === 403) return true;
    return error.status === 422 && /ValidatingAdmissionPolicy/.test(error.message);
  }
}

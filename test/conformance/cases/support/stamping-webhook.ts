import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSigned } from './certificate.ts';

/** A mutating webhook that adds an annotation, though only when a write is in earnest, as some operators do. */
export interface StampingWebhook {
  url: string;
  /** Base64, as `caBundle` takes it. */
  caBundle: string;
  /** How many writes it stamped, and how many dry runs it let pass as they were. */
  seen: { stamped: number; dryRuns: number };
  close(): void;
}

interface Review {
  request: { uid: string; dryRun?: boolean; object: { metadata: { annotations?: object } } };
}

export async function stampingWebhook(annotation: string, value: string): Promise<StampingWebhook> {
  const { key, certificate } = selfSigned();
  const seen = { stamped: 0, dryRuns: 0 };
  const server = createServer({ key, cert: certificate }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { request: asked } = JSON.parse(Buffer.concat(chunks).toString()) as Review;
      const patch =
        asked.dryRun === true ? undefined : stamp(asked.object.metadata.annotations, annotation, value);
      seen[patch === undefined ? 'dryRuns' : 'stamped'] += 1;
      const answer = { uid: asked.uid, allowed: true, ...(patch && { patchType: 'JSONPatch', patch }) };
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: answer }),
      );
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}/stamp`,
    caBundle: Buffer.from(certificate).toString('base64'),
    seen,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function stamp(present: object | undefined, annotation: string, value: string): string {
  const path = `/metadata/annotations/${annotation.replaceAll('/', '~1')}`;
  const add = { op: 'add', path, value };
  const all = present === undefined ? [{ op: 'add', path: '/metadata/annotations', value: {} }, add] : [add];
  return Buffer.from(JSON.stringify(all)).toString('base64');
}

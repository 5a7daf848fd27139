import { request } from 'node:https';
import { inject } from 'vitest';

/** A write as a dashboard built on node-fetch sends it: it names no field manager, so the server takes its user agent. */
export async function dashboardWrite(path: string, patch: object): Promise<void> {
  const status = await new Promise<number>((resolve, reject) => {
    const sent = request(
      `${inject('server')}${path}`,
      {
        method: 'PATCH',
        ca: inject('certificate'),
        headers: {
          authorization: `Bearer ${inject('token')}`,
          'content-type': 'application/merge-patch+json',
          'user-agent': 'node-fetch/1.0 (+https://github.com/bitinn/node-fetch)',
        },
      },
      response => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      },
    );
    sent.on('error', reject);
    sent.end(JSON.stringify(patch));
  });
  if (status !== 200) throw new Error(`the server answered the dashboard with ${status}`);
}

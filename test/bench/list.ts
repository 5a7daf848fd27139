import { z } from 'zod';
import type { Connection } from '../../src/cluster/connection.ts';

const page = z.looseObject({ metadata: z.looseObject({ continue: z.string().optional() }) });
const paths = ['/apis/apps/v1/deployments', '/api/v1/configmaps', '/api/v1/services', '/api/v1/secrets'];

/** The floor of all comparing: the four kinds, listed page by page and parsed. */
export async function listAll(connection: Connection): Promise<void> {
  for (const path of paths) {
    let token: string | undefined;
    do {
      const { body } = await connection.request({ path, query: { limit: 500, continue: token } });
      token = page.parse(body).metadata.continue || undefined;
    } while (token !== undefined);
  }
}

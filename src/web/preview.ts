import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { Failure, toFailure } from '../failure/failure.ts';
import type { PreviewService } from '../preview/daemon/serve.ts';
import { renderJson } from '../report/json.ts';

export interface PreviewRoute {
  service: Pick<PreviewService, 'make'>;
  /** Who asks, from the token; throws HF2204. */
  check(token: string): Promise<string>;
  onAsked?: (asked: { who: string; head: string; failure?: Failure }) => void;
}

const sha = z.string().regex(/^[0-9a-f]{40}$/, 'must be a full commit SHA');
const askedSchema = z.strictObject({
  base: sha,
  head: sha,
  ref: z
    .string()
    .regex(/^refs\/[A-Za-z0-9][A-Za-z0-9._/-]{0,200}$/, 'must be a ref')
    .refine(ref => !ref.includes('..') && !ref.endsWith('/') && !ref.endsWith('.lock'), 'must be a ref')
    .optional(),
});

/** Where a CI job asks for a preview. It proves itself by its OIDC token; what comes back is redacted as every finding is. */
export function previewRoute({ service, check, onAsked }: PreviewRoute): Hono {
  const app = new Hono();
  app.post('/preview', bodyLimit({ maxSize: 16_384 }), async context => {
    let who = '';
    let head = '';
    try {
      const token = /^Bearer ([\w.~+/=-]{1,16384})$/.exec(context.req.header('authorization') ?? '')?.[1];
      if (token === undefined) throw new Failure('HF2204', 'no token was sent');
      who = await check(token);
      const asked = askedSchema.safeParse(await context.req.json().catch(() => undefined));
      if (!asked.success)
        throw new Failure('HF1206', asked.error.issues.map(({ message }) => message).join('; '));
      head = asked.data.head;
      const preview = await service.make(asked.data);
      onAsked?.({ who, head });
      return answer(200, preview);
    } catch (error) {
      const failure = toFailure(error, 'HF1002');
      onAsked?.({ who, head, failure });
      return answer(statusOf(failure), { code: failure.code, message: failure.message });
    }
  });
  return app;
}

function statusOf({ code }: Failure): number {
  if (code === 'HF2204') return 403;
  if (code === 'HF2207') return 503;
  return code === 'HF1002' ? 500 : 422;
}

function answer(status: number, body: object): Response {
  return new Response(renderJson(body), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  });
}

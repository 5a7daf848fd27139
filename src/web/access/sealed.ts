import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

const payloadSchema = z.object({ value: z.record(z.string(), z.string()), until: z.number() });

/** Signs small values for cookies: who changes one, or keeps it for too long, has none. The values can be read by who holds them. */
export class Seal {
  readonly #key: Buffer;
  readonly #now: () => number;

  /** `secret` may serve other ends too: the key is derived from it for this one. */
  constructor(secret: string, purpose: string, now: () => number = Date.now) {
    this.#key = createHmac('sha256', secret).update(`holdfast ${purpose}`).digest();
    this.#now = now;
  }

  seal(value: Record<string, string>, forMs: number): string {
    const body = Buffer.from(JSON.stringify({ value, until: this.#now() + forMs })).toString('base64url');
    return `${body}.${this.#sign(body)}`;
  }

  /** Undefined for whatever was not sealed here, or is too old. */
  open(text: string | undefined): Record<string, string> | undefined {
    const [body = '', signature = ''] = (text ?? '').split('.', 2);
    const expected = Buffer.from(this.#sign(body));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    const payload = payloadSchema.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
    return payload.success && payload.data.until > this.#now() ? payload.data.value : undefined;
  }

  #sign(body: string): string {
    return createHmac('sha256', this.#key).update(body).digest('base64url');
  }
}

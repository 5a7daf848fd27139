import { Hono } from 'hono';
import { createWebhookReceiver, deliveryStatus } from '../forge/webhook/receiver.ts';

/**
 * Where the forge's webhook goes. A delivery that is signed with the secret means “look now” and nothing else: no fact is
 * taken from it. Without a secret there is no such address.
 */
export function hooks(secret: string, look: () => void): Hono {
  const receiver = createWebhookReceiver({ secret });
  const app = new Hono();
  app.post('/hooks/forge', async context => {
    const headers = Object.fromEntries(context.req.raw.headers);
    const delivery = await receiver.receive(headers, context.req.raw.body ?? nothing());
    if (delivery === 'look') look();
    return new Response(null, { status: deliveryStatus[delivery] });
  });
  return app;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

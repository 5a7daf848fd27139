import { createVerifier, type WebhookHeaders } from './signature.ts';

/**
 * What a delivery is worth: `look` says that something may have happened, so the branch is looked at now. It carries no
 * fact: a captured delivery can be sent again for ever, for nothing of it but the body is signed, and no time is.
 */
export type Delivery = 'look' | 'repeated' | 'refused' | 'too-large';

export interface WebhookReceiver {
  /** Hashes the body as it arrives and keeps none of it; stops at the limit. Never throws for what was sent. */
  receive(headers: WebhookHeaders, body: AsyncIterable<Uint8Array>): Promise<Delivery>;
}

export interface WebhookOptions {
  secret: string;
  /** In bytes; 25 MiB by default, the most that GitHub sends. */
  limit?: number;
  /** How many delivery ids are remembered; 1,000 by default. The oldest is forgotten first. */
  remember?: number;
}

/** The status to answer with. */
export const deliveryStatus = {
  look: 202,
  repeated: 202,
  refused: 401,
  'too-large': 413,
} as const satisfies Record<Delivery, number>;

export function createWebhookReceiver(options: WebhookOptions): WebhookReceiver {
  const { secret, limit = 25 * 1024 * 1024, remember = 1000 } = options;
  const seen = new Set<string>();

  function isNew(id: string | undefined): boolean {
    if (id === undefined) return true;
    if (seen.has(id)) return false;
    seen.add(id);
    for (const oldest of seen) {
      if (seen.size <= remember) break;
      seen.delete(oldest);
    }
    return true;
  }

  return {
    async receive(headers, body) {
      const verifier = createVerifier(secret, headers);
      let size = 0;
      try {
        for await (const chunk of body) {
          size += chunk.byteLength;
          if (size > limit) return 'too-large';
          verifier.update(chunk);
        }
      } catch {
        return 'refused';
      }
      if (!verifier.matches()) return 'refused';
      return isNew(deliveryId(headers)) ? 'look' : 'repeated';
    },
  };
}

/** The sender's id of the delivery, the same when it is sent again; undefined when there is none that could be remembered. */
function deliveryId(headers: WebhookHeaders): string | undefined {
  const names = [
    'x-github-delivery',
    'x-gitea-delivery',
    'webhook-id',
    'idempotency-key',
    'x-gitlab-event-uuid',
  ];
  const id = names.map(name => headers[name]).find(value => value !== undefined);
  return typeof id === 'string' && id.length > 0 && id.length <= 100 ? id : undefined;
}

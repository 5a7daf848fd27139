import { createHmac } from 'node:crypto';
import { type Clock, systemClock } from '../../concurrency/clock.ts';
import { unitOf } from '../../incidents/incident.ts';
import type { Message, Outlet, Reminder, Tell } from '../../incidents/outlet.ts';
import { postJson } from '../http.ts';
import { messageOf } from '../message.ts';
import { noteLines } from '../notes.ts';
import { plainLines, plainPieces } from '../plain.ts';

export interface WebhookOptions {
  url: string;
  /** The key of the signature. Register it with the scrubber first. */
  secret: string;
  timeoutMs?: number;
  clock?: Clock;
}

/**
 * Sends each transition as signed JSON. A receiver checks `X-Holdfast-Signature: sha256=<hex>`, the HMAC-SHA256 of
 * `<X-Holdfast-Timestamp>.<body>`, and that the time (seconds since the epoch) is near. `X-Holdfast-Delivery` is the same for
 * each try of the same transition.
 */
export class WebhookOutlet implements Outlet {
  readonly name = 'webhook';
  readonly #options: WebhookOptions;
  readonly #clock: Clock;

  constructor(options: WebhookOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  async tell({ transition, telling }: Tell): Promise<Record<string, string>> {
    const { what, incident, notes = [] } = transition;
    const message = messageOf(incident, telling);
    const unit = unitOf(incident);
    await this.#send(`${incident.id}/${incident.seq}/${what}`, {
      what,
      incident: { key: incident.key, id: incident.id, state: incident.state, flaps: incident.flaps },
      severity: telling.severity,
      openedAt: incident.openedAt,
      updatedAt: incident.updatedAt,
      ...(incident.resolvedAt === undefined ? {} : { resolvedAt: incident.resolvedAt }),
      ...(telling.environment === undefined ? {} : { environment: telling.environment }),
      repository: telling.repository,
      revision: telling.revision,
      ...(unit === undefined ? {} : { unit }),
      ...(telling.owners === undefined ? {} : { owners: telling.owners }),
      subject: publicSubject(incident.subject),
      ...textOf(message),
      ...(what === 'noted' ? { notes: plainLines(noteLines(notes, incident, telling, 0)) } : {}),
    });
    return {};
  }

  async remind({ message, id }: Reminder): Promise<void> {
    await this.#send(id, { what: 'summary', ...textOf(message) });
  }

  async close(): Promise<void> {}

  async #send(delivery: string, fields: Record<string, unknown>): Promise<void> {
    const { url, secret, timeoutMs = 10_000 } = this.#options;
    const body = JSON.stringify({ apiVersion: 'holdfast.dev/v1alpha1', kind: 'Alert', ...fields });
    const timestamp = String(Math.floor(this.#clock.now() / 1000));
    await postJson({ name: 'the alert webhook', url, timeoutMs }, body, {
      'x-holdfast-timestamp': timestamp,
      'x-holdfast-delivery': delivery,
      'x-holdfast-signature': signatureOf(secret, timestamp, body),
    });
  }
}

export function signatureOf(secret: string, timestamp: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

function textOf({ verdict, headline, lines }: Message): {
  verdict: string;
  headline: string;
  lines: string[];
} {
  return { verdict, headline: plainPieces(headline), lines: plainLines(lines) };
}

/** The finding as it is, without what is only our bookkeeping. */
function publicSubject(subject: Tell['transition']['incident']['subject']): unknown {
  if (subject.kind !== 'digest') return subject;
  const { members: _, latest: __, ...rest } = subject;
  return rest;
}

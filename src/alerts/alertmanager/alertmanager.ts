import { type Clock, systemClock } from '../../concurrency/clock.ts';
import { isObjectRef, resourceTitle } from '../../findings/finding.ts';
import { type Incident, isLive, type Subject } from '../../incidents/incident.ts';
import type { Outlet, Tell, Telling } from '../../incidents/outlet.ts';
import { visible } from '../../report/terminal.ts';
import { postJson } from '../http.ts';
import { messageOf } from '../message.ts';
import { plainLines, plainPieces } from '../plain.ts';

export interface AlertmanagerOptions {
  /** The address of Alertmanager, without `/api/v2`. */
  url: string;
  /** All incidents as they are now, for what must be repeated; none while another process leads. */
  incidents: () => readonly Incident[];
  telling: (incident: Incident) => Telling;
  clock?: Clock;
  timeoutMs?: number;
  /** Hears that what goes on could not be sent again; it is tried at the next turn. */
  onFailure?: (error: unknown) => void;
}

/** One alert of Alertmanager’s API v2. Labels name it, so they do not change while it lasts. */
interface Alert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  endsAt: string;
}

/** An alert that is not sent again by then is over for Alertmanager; it is sent again three times in that time. */
const holdsMs = 300_000;
const againMs = 100_000;
const mostInOne = 64;
const mostLabel = 200;
const mostDescription = 4_000;

/**
 * Sends incidents to Prometheus Alertmanager (API v2), and repeats what goes on before it expires there. What is snoozed here is
 * sent all the same: silences are Alertmanager's own.
 */
export class AlertmanagerOutlet implements Outlet {
  readonly name = 'alertmanager';
  readonly #options: AlertmanagerOptions;
  readonly #clock: Clock;
  #cancel: () => void;
  #closed = false;

  constructor(options: AlertmanagerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#cancel = this.#clock.after(againMs, () => void this.#again());
  }

  async tell({ transition: { what, incident }, telling }: Tell): Promise<Record<string, string>> {
    if (what !== 'noted') await this.#send([this.#alertOf(incident, telling)]);
    return {};
  }

  /** Alertmanager repeats by itself what goes on. */
  async remind(): Promise<void> {}

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
  }

  /** What was told and goes on, once more. */
  async #again(): Promise<void> {
    const { incidents, telling, onFailure } = this.#options;
    const lasting = incidents().filter(one => isLive(one) && one.told[this.name] !== undefined);
    try {
      for (let from = 0; from < lasting.length; from += mostInOne) {
        const some = lasting.slice(from, from + mostInOne);
        await this.#send(some.map(incident => this.#alertOf(incident, telling(incident))));
      }
    } catch (error) {
      onFailure?.(error);
    }
    if (!this.#closed) this.#cancel = this.#clock.after(againMs, () => void this.#again());
  }

  #alertOf(incident: Incident, telling: Telling): Alert {
    const { headline, lines } = messageOf(incident, telling);
    const holds = new Date(this.#clock.now() + holdsMs).toISOString();
    return {
      labels: labelsOf(incident, telling),
      annotations: {
        summary: plainPieces(headline),
        description: plainLines(lines).join('\n').slice(0, mostDescription).toWellFormed(),
      },
      startsAt: incident.openedAt,
      endsAt: incident.state === 'resolved' ? (incident.resolvedAt ?? incident.updatedAt) : holds,
    };
  }

  async #send(alerts: readonly Alert[]): Promise<void> {
    const { url, timeoutMs = 10_000 } = this.#options;
    const address = `${url.replace(/\/+$/, '')}/api/v2/alerts`;
    await postJson({ name: 'Alertmanager', url: address, timeoutMs }, JSON.stringify(alerts));
  }
}

const names: Record<Subject['kind'], string> = {
  drift: 'HoldfastDrift',
  digest: 'HoldfastMassDrift',
  refused: 'HoldfastRefused',
  blind: 'HoldfastBlind',
};

function labelsOf(
  { subject, id }: Incident,
  { severity, environment, repository }: Telling,
): Record<string, string> {
  const labels = {
    alertname: names[subject.kind],
    severity,
    repository,
    environment,
    incident: id,
    ...aboutLabels(subject),
  };
  return Object.fromEntries(
    Object.entries(labels).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, visible(value.slice(0, mostLabel).toWellFormed())]],
    ),
  );
}

function aboutLabels(subject: Subject): Record<string, string | undefined> {
  switch (subject.kind) {
    case 'drift': {
      const { resource } = subject.finding;
      const namespace = isObjectRef(resource) ? resource.namespace : undefined;
      return { unit: subject.unit, resource: resourceTitle(resource), namespace };
    }
    case 'digest':
      return { unit: subject.unit };
    case 'refused':
      return { branch: subject.branch };
    case 'blind':
      return { origin: subject.origin };
  }
}

import { severityOf } from '../../../src/alerts/severity.ts';
import { incidentButtons } from '../../../src/alerts/slack/buttons.ts';
import { SlackCalls } from '../../../src/alerts/slack/calls.ts';
import { SlackOutlet } from '../../../src/alerts/slack/slack.ts';
import type { Clock } from '../../../src/concurrency/clock.ts';
import { whatComesNext } from '../../../src/daemon/telling.ts';
import { IncidentDesk } from '../../../src/incidents/desk.ts';
import { type Incident, unitOf } from '../../../src/incidents/incident.ts';
import type { Telling } from '../../../src/incidents/outlet.ts';
import type { FakeClock } from '../../fakes/clock/clock.ts';
import type { MemoryStore } from '../../fakes/incidents/parts.ts';
import type { FakeSlack } from '../../fakes/slack/slack.ts';
import { revision } from '../../report/sample.ts';

/** One process of the daemon, as far as incidents go; it can be killed at any moment, also within a call to Slack. */
export class DaemonProcess {
  readonly desk: IncidentDesk;
  #dead = false;
  #killAtPost = false;

  constructor(world: { clock: FakeClock; store: MemoryStore; slack: FakeSlack }) {
    const { clock, store, slack } = world;
    const mortal: Clock = {
      now: () => clock.now(),
      after: (ms, callback) => clock.after(ms, () => void (this.#dead || callback())),
    };
    const never = new Promise<never>(() => undefined);
    const calls = new SlackCalls({
      token: slack.token,
      apiUrl: 'http://slack.invalid/api/',
      clock: mortal,
      fetch: async (url, init) => {
        if (this.#dead) return never;
        const answer = slack.fetch(url, init);
        if (this.#killAtPost && String(url).endsWith('chat.postMessage')) this.#dead = true;
        return this.#dead ? never : answer;
      },
    });
    this.desk = new IncidentDesk({
      outlets: [
        new SlackOutlet({
          calls,
          buttonsOf: incident => incidentButtons(incident, { converge: true, adopt: true }),
          channelsOf: incident => [
            unitOf(incident) === 'payments'
              ? { channel: 'CPAY', mentions: ['SPAYMENTS'] }
              : { channel: 'CSHOP' },
          ],
        }),
      ],
      store: {
        load: () => (this.#dead ? never : store.load()),
        save: report => (this.#dead ? never : store.save(report)),
        remove: name => (this.#dead ? never : store.remove(name)),
        anew: () => store.anew(),
      },
      clock: mortal,
      telling: tellingOf,
      onFailure: () => undefined,
    });
  }

  /** kill -9. */
  kill(): void {
    this.#dead = true;
  }

  /** kill -9 when Slack has got the next new message and has not answered yet. */
  killAtNextPost(): void {
    this.#killAtPost = true;
  }
}

function tellingOf(incident: Incident): Telling {
  return {
    environment: 'prod',
    repository: 'acme/infrastructure',
    branch: 'main',
    revision,
    link: (at, file, line) =>
      `https://git.example.com/acme/infrastructure/src/commit/${at}/${file}${line === undefined ? '' : `#L${line}`}`,
    next: whatComesNext(incident, { converges: true, command: '/sync' }),
    severity: severityOf(incident),
    owners: unitOf(incident) === 'payments' ? ['@acme/payments'] : ['@acme/shop'],
  };
}

import { type AwsClients, type AwsPlace, awsClients } from './clients.ts';
import { type Models, modelsOf } from './models.ts';
import { type Stacks, stacksOf } from './stacks.ts';
import { type Trail, trailOf } from './trail.ts';

/** All that can be asked of AWS in one region with one role. */
export interface AwsPorts {
  clients: AwsClients;
  stacks: Stacks;
  models: Models;
  trail: Trail;
}

/** Opens each place once: clients hold connections, credentials and what they learned of how fast they may ask. */
export class AwsPlaces {
  readonly #open = new Map<string, Promise<AwsPorts>>();

  at(place: AwsPlace): Promise<AwsPorts> {
    const key = `${place.region} ${place.role ?? ''}`;
    const known = this.#open.get(key) ?? open(place);
    this.#open.set(key, known);
    known.catch(() => this.#open.delete(key));
    return known;
  }

  async close(): Promise<void> {
    for (const ports of this.#open.values()) (await ports.catch(() => undefined))?.clients.close();
    this.#open.clear();
  }
}

async function open(place: AwsPlace): Promise<AwsPorts> {
  const clients = await awsClients(place);
  const [stacks, models, trail] = await Promise.all([
    stacksOf(clients.cloudFormation),
    modelsOf(clients.cloudControl),
    trailOf(clients.cloudTrail),
  ]);
  return { clients, stacks, models, trail };
}

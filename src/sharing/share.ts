import { createHash } from 'node:crypto';

/** A unit to be shared out, and how much work it is compared with the others. */
export interface Weighed {
  unit: string;
  weight: number;
}

/** A seat may have this much more than its even part, so that units stay where they are when others come or go. */
const slack = 1.25;

/**
 * Which seat compares which unit: the same for everybody who sees the same seats and units. Each unit goes to the seat that ranks highest for it
 * (rendezvous hashing, Thaler and Ravishankar 1998) among those that have room for it (bounded loads, Mirrokni and others 2016), the heaviest first. So no seat has much
 * more than its part, and few units move when a seat comes or goes. A unit that fits nowhere goes to the seat with the least.
 * Units `apart` are those that not everybody sees at the same time: each goes its own way, so that the others are shared out the same by all.
 */
export function shareOut(
  seats: readonly number[],
  units: readonly Weighed[],
  apart: readonly Weighed[] = [],
): Map<string, number> {
  const alone = apart.flatMap(one => [...shared(seats, [one])]);
  return new Map([...shared(seats, units), ...alone]);
}

function shared(seats: readonly number[], units: readonly Weighed[]): Map<string, number> {
  const shares = new Map<string, number>();
  const loads = new Map(seats.map(seat => [seat, 0]));
  const total = units.reduce((sum, { weight }) => sum + weight, 0);
  const room = (total / seats.length) * slack;
  const sorted = [...units].sort((a, b) => b.weight - a.weight || (a.unit < b.unit ? -1 : 1));
  for (const { unit, weight } of sorted) {
    const ranked = [...seats].sort((a, b) => rank(unit, b) - rank(unit, a) || a - b);
    const least = () => ranked.reduce((one, other) => (load(other) < load(one) ? other : one));
    const load = (seat: number) => loads.get(seat) ?? 0;
    const [first] = ranked;
    if (first === undefined) continue;
    const seat = ranked.find(one => load(one) + weight <= room) ?? least();
    shares.set(unit, seat);
    loads.set(seat, load(seat) + weight);
  }
  return shares;
}

function rank(unit: string, seat: number): number {
  return createHash('sha256').update(`${seat} ${unit}`).digest().readUInt32BE(0);
}

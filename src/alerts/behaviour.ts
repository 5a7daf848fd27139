import { askedFor } from '../incidents/asked.ts';
import type { Incident } from '../incidents/incident.ts';
import { type Line, type Piece, say, words } from '../incidents/say.ts';
import { clockWords } from './time.ts';

/** What people did about it, and how it behaves. */
export function stateLines(incident: Incident): Line[] {
  const { acknowledged, snoozed, flapping, flaps, updatedAt } = incident;
  const asked = askedFor(incident);
  const lines: Piece[][] = [];
  if (snoozed !== undefined)
    lines.push(say`snoozed by ${snoozed.by.name} until ${words(clockWords(snoozed.until, updatedAt))}`);
  else if (acknowledged !== undefined)
    lines.push(
      say`acknowledged by ${acknowledged.by.name} at ${words(clockWords(acknowledged.at, updatedAt))}`,
    );
  if (asked !== undefined) {
    const adopting = asked.id?.startsWith('adopt/') === true;
    const what = adopting ? 'adopting this' : 'converging';
    const ended = asked.over === true && !adopting ? ', and it still differs' : '';
    lines.push(
      say`${words(what)} was asked for by ${asked.who.name} at ${words(clockWords(asked.at, updatedAt) + ended)}`,
    );
  }
  if (flapping !== undefined) lines.push(say`${words(flappingWords(flaps))}`);
  return lines.map(pieces => ({ pieces, vital: true }));
}

/** `comes and goes (4 times so far); told once an hour while it does`. */
export function flappingWords(flaps: number): string {
  return `comes and goes (${flaps + 1} times so far); told once an hour while it does`;
}

/** `, for the 3rd time`. */
export function flapWords({ flaps }: Incident): string {
  return flaps === 0 ? '' : `, for the ${flaps + 1}${['th', 'st', 'nd', 'rd'][ordinal(flaps + 1)]} time`;
}

function ordinal(count: number): number {
  const last = count % 10;
  return last > 3 || (count % 100 > 10 && count % 100 < 14) ? 0 : last;
}

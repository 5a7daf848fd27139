import type { Telling } from '../incidents/outlet.ts';
import { type Piece, say, words } from '../incidents/say.ts';

/** `prod/shop`, or the unit alone where the installation has no environment. */
export function placeOf({ environment }: Pick<Telling, 'environment'>, unit: string): string {
  return environment === undefined ? unit : `${environment}/${unit}`;
}

/** `prod: `, before what belongs to no unit. */
export function environmentWords({ environment }: Telling): Piece[] {
  return environment === undefined ? [] : say`${environment}: `;
}

/** `, main@abc1234`: what it is compared with. */
export function at(telling: Telling, before = ', '): Piece[] {
  if (telling.revision === null) return [];
  const revision = short(telling.revision);
  const name = telling.branch === undefined ? revision : `${telling.branch}@${revision}`;
  return say`${words(before)}${name}`;
}

export function short(revision: string): string {
  return revision.slice(0, 7);
}

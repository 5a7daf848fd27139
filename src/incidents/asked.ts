import type { Incident, Note } from './incident.ts';
import type { LifeRules } from './life.ts';

/** Something that somebody asked for because of an incident. */
export type Asked = Note & { who: NonNullable<Note['who']> };

/**
 * What somebody asked for last because of an incident: a sync (`sync/…`), or a pull request that adopts what is live (`adopt/…`).
 * Once it was opened again, what was asked for before is over.
 */
export function askedFor({ notes }: Pick<Incident, 'notes'>): Asked | undefined {
  const since = notes.findLastIndex(({ what }) => what === 'reopened');
  const last = notes
    .slice(since + 1)
    .findLast(({ id, who }) => who !== undefined && /^(sync|adopt)\//.test(id ?? ''));
  return last?.who === undefined ? undefined : { ...last, who: last.who };
}

/** Until when what was asked for is reckoned as under way, in milliseconds since the epoch; undefined where nothing is. */
export function askedUntil(incident: Incident, { askedForMs }: LifeRules): number | undefined {
  const asked = incident.state === 'resolved' ? undefined : askedFor(incident);
  return asked === undefined || asked.over ? undefined : Date.parse(asked.at) + askedForMs;
}

/** The incident when what was asked for is not under way any more: it may be asked for again. */
export function withAskedOver(incident: Incident): Incident {
  const asked = askedFor(incident);
  const notes = incident.notes.map(
    (note): Note => (note.seq === asked?.seq ? { ...note, over: true } : note),
  );
  return { ...incident, notes };
}

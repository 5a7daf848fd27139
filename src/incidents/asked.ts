import type { Incident, Note } from './incident.ts';

/** What somebody asked for last because of an incident: a sync (`sync/…`), or a pull request that adopts what is live (`adopt/…`). */
export function askedFor({
  notes,
}: Pick<Incident, 'notes'>): (Note & { who: NonNullable<Note['who']> }) | undefined {
  const last = notes.findLast(({ id, who }) => who !== undefined && /^(sync|adopt)\//.test(id ?? ''));
  return last?.who === undefined ? undefined : { ...last, who: last.who };
}

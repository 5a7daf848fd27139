import type { Incident, Note } from './incident.ts';

/**
 * What somebody asked for last because of an incident: a sync (`sync/…`), or a pull request that adopts what is live (`adopt/…`).
 * Once it was opened again, what was asked for before is over.
 */
export function askedFor({
  notes,
}: Pick<Incident, 'notes'>): (Note & { who: NonNullable<Note['who']> }) | undefined {
  const since = notes.findLastIndex(({ what }) => what === 'reopened');
  const last = notes
    .slice(since + 1)
    .findLast(({ id, who }) => who !== undefined && /^(sync|adopt)\//.test(id ?? ''));
  return last?.who === undefined ? undefined : { ...last, who: last.who };
}

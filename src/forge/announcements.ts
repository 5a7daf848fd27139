import type { Announcement } from './forge.ts';

/** The name of the status on the forge: one for each environment, so that several installations do not write over each other. */
export function statusName({ environment }: Pick<Announcement, 'environment'>): string {
  return environment === undefined ? 'holdfast/sync' : `holdfast/sync (${environment})`;
}

const mostCharacters = 140;

/** One line without control characters, cut to what GitHub and Gitea take. */
export function shortDescription(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const characters = Array.from(line);
  return characters.length <= mostCharacters ? line : `${characters.slice(0, mostCharacters - 1).join('')}…`;
}

import type { Account } from '../forge/forge.ts';

/** Tells which person an account belongs to, as a key: equal exactly for accounts of one person. */
export type PersonOf = (account: Account) => string;

/**
 * Accounts are told apart by the forge's id; the alias groups of the policy, by login in any case, join several into one
 * person. Groups that share a login are one group.
 */
export function persons(aliases: readonly (readonly string[])[]): PersonOf {
  const leader = new Map<string, string>();
  const find = (login: string): string => {
    const above = leader.get(login);
    return above === undefined || above === login ? login : find(above);
  };
  for (const group of aliases) {
    const logins = group.map(login => login.toLowerCase());
    const head = find(logins[0] ?? '');
    for (const login of logins) leader.set(find(login), head);
  }
  return ({ id, login }) => {
    const known = login.toLowerCase();
    return leader.has(known) ? `person ${find(known)}` : `account ${id}`;
  };
}

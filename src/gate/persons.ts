import type { Account } from '../forge/forge.ts';
import type { Alias } from './authorization.ts';

/** Tells which person an account belongs to, as a key: equal exactly for accounts of one person. */
export type PersonOf = (account: Account) => string;

/**
 * Accounts are told apart by the forge's id; the alias groups of the policy join several into one person. An alias with an id
 * is that account whatever it calls itself now, and no other that took its login; one without goes by login, in any case.
 * Groups that share an alias are one group. An account that is known by its login alone has an empty id.
 */
export function persons(aliases: readonly (readonly Alias[])[]): PersonOf {
  const leader = new Map<string, string>();
  const find = (key: string): string => {
    const above = leader.get(key);
    return above === undefined || above === key ? key : find(above);
  };
  const join = (one: string, other: string) => leader.set(find(one), find(other));
  for (const group of aliases) {
    const [head = '', ...rest] = group.map(keyOf);
    leader.set(head, find(head));
    for (const key of rest) join(key, head);
  }
  const pinned = new Map<string, string>();
  for (const alias of aliases.flat()) {
    const login = loginOf(alias);
    const [byId, byLogin] = [keyOf(alias), loginKey(login)];
    if (byId === byLogin) continue;
    pinned.set(login.toLowerCase(), byId);
    if (leader.has(byLogin)) join(byLogin, byId);
  }
  return ({ id, login }) => {
    const named = id === '' ? pinned.get(login.toLowerCase()) : undefined;
    const known = [idKey(id), loginKey(login), named ?? ''].find(key => leader.has(key));
    return known === undefined ? `account ${id}` : `person ${find(known)}`;
  };
}

function keyOf(alias: Alias): string {
  return typeof alias === 'string' || alias.id === undefined ? loginKey(loginOf(alias)) : idKey(alias.id);
}

function loginOf(alias: Alias): string {
  return typeof alias === 'string' ? alias : alias.login;
}

const idKey = (id: string): string => `id ${id}`;
const loginKey = (login: string): string => `login ${login.toLowerCase()}`;

import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { byPassword, byToken, mustAskGitea } from './api.ts';

/** A user of the sandbox's Gitea. The token may do all that the user may. */
export interface GiteaUser {
  name: string;
  password: string;
  token: string;
  email: string;
}

/** The data of a user who is yet to be made, with a random password. */
export function newGiteaUser(name: string): Omit<GiteaUser, 'token'> {
  return { name, email: `${name}@sandbox.invalid`, password: randomBytes(18).toString('base64url') };
}

/** Makes a user, as the administrator, and a token for everything, as the user. */
export async function createGiteaUser(url: string, adminToken: string, name: string): Promise<GiteaUser> {
  const user = newGiteaUser(name);
  await mustAskGitea(url, byToken(adminToken), 'POST', '/admin/users', {
    username: name,
    email: user.email,
    password: user.password,
    must_change_password: false,
  });
  const tokens = `/users/${encodeURIComponent(name)}/tokens`;
  const authorization = byPassword(name, user.password);
  const made = await mustAskGitea(url, authorization, 'POST', tokens, { name: 'sandbox', scopes: ['all'] });
  return { ...user, token: z.object({ sha1: z.string().min(1) }).parse(made).sha1 };
}

import type { AdapterOptions } from '../create.ts';
import { type Credentials, fixedToken } from '../http/credentials.ts';
import { apiRoot } from './address.ts';
import { appCredentials, githubHeaders } from './app.ts';

/** By an App, where one is given, else by the token. Throws HF1001 for a key that is none. */
export function githubCredentials(options: AdapterOptions): Credentials {
  const { url, name, token, app, owner: _owner, ...rest } = options;
  if (app !== undefined) return appCredentials(app, name, { ...rest, root: apiRoot(url) });
  return fixedToken(token, own => ({ ...githubHeaders, authorization: `Bearer ${own}` }));
}

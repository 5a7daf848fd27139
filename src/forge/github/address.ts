/**
 * Where GitHub's REST API is for the address that people open: a host of its own for github.com and for `*.ghe.com`, a
 * path on an Enterprise Server. An address that already is the API's is left as it is.
 */
export function apiRoot(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  if (/^(www\.)?github\.com$/.test(host)) return 'https://api.github.com';
  if (/^api\.(github\.com|[^.]+\.ghe\.com)$/.test(host)) return `${protocol}//${host}`;
  if (/^[^.]+\.ghe\.com$/.test(host)) return `${protocol}//api.${host}`;
  return pathname.endsWith('/api/v3') ? url : `${url}/api/v3`;
}

/** Where its GraphQL API is, by the root of the REST API: beside it on a host of its own, under /api on an Enterprise Server. */
export function graphqlAddress(root: string): string {
  return root.endsWith('/api/v3') ? root.replace(/\/v3$/, '/graphql') : `${root}/graphql`;
}

import { getConnInfo } from '@hono/node-server/conninfo';
import { type Access, refusal } from './access.ts';

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Only who sits at this machine (or came by `kubectl port-forward`): the peer is a loopback address, and the page was asked for by
 * a loopback name, so that no site in somebody's browser can read it under a name of its own (DNS rebinding).
 */
export function loopbackAccess(): Access {
  return {
    async admit(context) {
      const peer = getConnInfo(context).remote.address ?? '';
      const host = new URL(context.req.url).hostname;
      if (isLoopback(peer) && loopbackHosts.has(host)) return { who: 'loopback' };
      return refusal(
        403,
        'HF2205 the page is shown on this machine only (try kubectl port-forward); HOLDFAST_PAGE_ISSUER or HOLDFAST_PAGE_PROXY_HEADER open it to others',
      );
    },
  };
}

export function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(address);
}

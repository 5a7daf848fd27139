import { BlockList, isIPv6 } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import { Failure } from '../../failure/failure.ts';
import { type Access, refusal } from './access.ts';

export interface ProxyOptions {
  /** The header in which the proxy names who is logged in, such as `x-forwarded-user`. */
  header: string;
  /** Addresses or networks of the proxy; the header counts from nobody else. */
  from: readonly string[];
}

/** Whoever a proxy in front has let in. Throws HF1001 for a network that is none. */
export function proxyAccess({ header, from }: ProxyOptions): Access {
  const trusted = networks(from);
  return {
    async admit(context) {
      const peer = (getConnInfo(context).remote.address ?? '').replace(/^::ffff:/, '');
      if (!trusted.check(peer, isIPv6(peer) ? 'ipv6' : 'ipv4'))
        return refusal(403, 'HF2205 the page is shown through its proxy only');
      const who = context.req.header(header)?.trim() ?? '';
      return who === '' ? refusal(401, 'HF2205 the proxy names nobody') : { who: who.slice(0, 200) };
    },
  };
}

function networks(from: readonly string[]): BlockList {
  const list = new BlockList();
  for (const each of from) {
    const [address = '', bits] = each.split('/', 2);
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    try {
      if (bits === undefined) list.addAddress(address, family);
      else list.addSubnet(address, Number(bits), family);
    } catch (error) {
      throw new Failure('HF1001', `HOLDFAST_PAGE_PROXY_FROM: ${each} is no address and no network`, {
        cause: error,
      });
    }
  }
  return list;
}

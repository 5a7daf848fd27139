import type { ServerResponse } from 'node:http';
import type { WireAnswer } from './answer.ts';
import type { Fault } from './faults.ts';

/** Writes an answer, or what the fault makes of it. */
export function send(response: ServerResponse, answer: WireAnswer, fault: Fault | undefined, url: URL): void {
  const { status, headers, body } = answer;
  switch (fault?.kind) {
    case 'hang':
      return;
    case 'html':
      response.writeHead(fault.status ?? 200, { 'content-type': 'text/html' });
      response.end('<!DOCTYPE html><title>Unicorn!</title>');
      return;
    case 'cut':
      response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body) + 1) });
      response.write(body, () => response.destroy());
      return;
    case 'truncated':
      response.writeHead(status, headers).end(body.slice(0, Math.ceil(body.length / 2)));
      return;
    case 'huge':
      response.writeHead(status, headers).end(JSON.stringify('x'.repeat(fault.bytes)));
      return;
    case 'next':
    case 'endless':
    case 'first-page-only': {
      const { link: _, ...rest } = headers;
      const target = fault.kind === 'next' ? fault.url : fault.kind === 'endless' ? url.href : undefined;
      const link = target === undefined ? {} : { link: `<${target}>; rel="next"` };
      response.writeHead(status, { ...rest, ...link }).end(body);
      return;
    }
    default:
      response.writeHead(status, headers).end(body);
  }
}

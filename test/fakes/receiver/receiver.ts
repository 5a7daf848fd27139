import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came in. */
export interface Received {
  path: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** Takes whatever is posted to it and answers 200, or what it was told to answer next. */
export class FakeReceiver {
  readonly received: Received[] = [];
  readonly #answers: { status: number; headers?: Record<string, string> }[] = [];
  readonly #server = http.createServer((request, response) => void this.#serve(request, response));

  static async start(): Promise<FakeReceiver> {
    const receiver = new FakeReceiver();
    await new Promise<void>(resolve => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next requests are answered so, one after the other. */
  answer(status: number, headers: Record<string, string> = {}): void {
    this.#answers.push({ status, headers });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    this.received.push({ path: request.url ?? '', headers: request.headers, body });
    const { status, headers = {} } = this.#answers.shift() ?? { status: 200 };
    response.writeHead(status, headers).end();
  }
}

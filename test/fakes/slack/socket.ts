import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { blocksError } from './blocks.ts';
import type { FakeSlack } from './slack.ts';

/** Who does something, and where. */
export interface FakeUser {
  user: string;
  channel?: string;
  team?: string;
  enterprise?: string;
  /** Of the account itself, where it is a guest. */
  userTeam?: string;
}

/** One use of a command or a button, with all that came back. */
export interface FakeUse {
  /** The payload of the acknowledgement; undefined where it had none. */
  acknowledged: Promise<unknown>;
  /** How long the acknowledgement took, in milliseconds. */
  tookMs: Promise<number>;
  /** What was posted to its response_url, in order. */
  readonly answers: Record<string, unknown>[];
  /** Posts that Slack would not have taken. */
  readonly wrong: string[];
}

const mostUses = 5;

/**
 * Socket Mode of the fake Slack, and the addresses for answers: envelopes go out over a real websocket, acknowledgements come back.
 * Answers are held to Slack's rules: five to one use, within half an hour, blocks within the limits.
 */
export class FakeSocketMode {
  readonly appToken = 'xapp-1-FAKE-token';
  readonly #slack: FakeSlack;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #waiting = new Map<string, (payload: unknown) => void>();
  readonly #uses = new Map<string, { use: FakeUse; at: number; posts: number }>();
  #sockets: WebSocket[] = [];
  #count = 0;
  /** How often a connection was asked for. */
  opened = 0;
  /** Answers `apps.connections.open` with this error while it is set. */
  refuses: string | undefined;

  constructor(slack: FakeSlack) {
    this.#slack = slack;
    slack.route('/api/apps.connections.open', (request, _body, response) => {
      this.opened += 1;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(this.#open(request)));
    });
    slack.route('/response/', (request, body, response) => {
      const status = this.#answer(request.url ?? '', body);
      response.writeHead(status).end(status === 200 ? 'ok' : 'used_url');
    });
    slack.server.on('upgrade', (request, socket, head) => {
      if (!request.url?.startsWith('/link/?ticket=')) {
        socket.destroy();
        return;
      }
      this.#server.handleUpgrade(request, socket, head, client => this.#connected(client));
    });
  }

  get connected(): number {
    return this.#sockets.length;
  }

  /** A use of a slash command, over the socket. */
  command(by: FakeUser, text: string, command = '/sync'): FakeUse {
    return this.#send('slash_commands', (url, trigger) => commandFields(by, command, text, url, trigger));
  }

  /** A press of a button that stands in a message of ours. Throws when there is no such button. */
  press(by: FakeUser, ts: string, actionId: string, option?: string): FakeUse {
    return this.#send('interactive', (url, trigger) =>
      pressPayload(this.#slack, by, ts, actionId, option, url, trigger),
    );
  }

  /** Sends an envelope with a payload of any kind, or the same one again; resolves to the acknowledgement. */
  envelope(envelope: Record<string, unknown>): Promise<unknown> {
    return new Promise(resolve => {
      this.#waiting.set(String(envelope['envelope_id']), resolve);
      this.raw(JSON.stringify(envelope));
    });
  }

  raw(text: string): void {
    const socket = this.#sockets.at(-1);
    if (socket === undefined) throw new Error('nobody is connected');
    socket.send(text);
  }

  /** As Slack does every few hours. */
  refresh(): void {
    this.raw(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested', debug_info: {} }));
  }

  /** Breaks all connections. */
  cut(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  /** A response_url for a use that comes over HTTP. */
  newUse(): { use: FakeUse; url: string; trigger: string; done: (payload: unknown) => void } {
    const id = `R${++this.#count}`;
    const began = performance.now();
    let done: (payload: unknown) => void = () => undefined;
    const acknowledged = new Promise<unknown>(resolve => {
      done = resolve;
    });
    const use: FakeUse = {
      acknowledged,
      tookMs: acknowledged.then(() => performance.now() - began),
      answers: [],
      wrong: [],
    };
    this.#uses.set(id, { use, at: this.#slack.workspace.now(), posts: 0 });
    return { use, url: `${this.#slack.origin}/response/${id}`, trigger: `${id}.${'f'.repeat(32)}`, done };
  }

  #open(request: IncomingMessage): Record<string, unknown> {
    if (request.headers.authorization !== `Bearer ${this.appToken}`)
      return { ok: false, error: 'invalid_auth' };
    if (this.refuses !== undefined) return { ok: false, error: this.refuses };
    return { ok: true, url: `${this.#slack.origin.replace('http', 'ws')}/link/?ticket=fake` };
  }

  #connected(socket: WebSocket): void {
    this.#sockets.push(socket);
    socket.on('close', () => {
      this.#sockets = this.#sockets.filter(one => one !== socket);
    });
    socket.on('message', data => {
      const { envelope_id: id, payload } = JSON.parse(String(data)) as {
        envelope_id: string;
        payload?: unknown;
      };
      this.#waiting.get(id)?.(payload);
    });
    socket.send(JSON.stringify({ type: 'hello', num_connections: this.#sockets.length }));
  }

  #send(type: string, payload: (url: string, trigger: string) => unknown): FakeUse {
    const { use, url, trigger, done } = this.newUse();
    const id = `envelope-${this.#count}`;
    void this.envelope({
      envelope_id: id,
      type,
      accepts_response_payload: true,
      payload: payload(url, trigger),
    }).then(done);
    return use;
  }

  #answer(path: string, body: string): number {
    const known = this.#uses.get(path.slice('/response/'.length));
    if (known === undefined) return 404;
    known.posts += 1;
    const late = this.#slack.workspace.now() - known.at > 1_800_000;
    if (known.posts > mostUses || late) {
      known.use.wrong.push(late ? 'expired_url' : 'used_url');
      return 404;
    }
    const json = JSON.parse(body) as Record<string, unknown>;
    const wrong = json['blocks'] === undefined ? undefined : blocksError(JSON.stringify(json['blocks']));
    if (wrong !== undefined) {
      known.use.wrong.push(`${wrong.error} ${wrong.messages.join(' ')}`);
      return 400;
    }
    known.use.answers.push(json);
    return 200;
  }
}

/** The fields of a slash command. */
export function commandFields(by: FakeUser, command: string, text: string, url: string, trigger: string) {
  return {
    token: 'deprecated',
    team_id: by.team ?? 'T0FAKE',
    team_domain: 'fake',
    ...(by.enterprise === undefined ? {} : { enterprise_id: by.enterprise, enterprise_name: 'fake' }),
    channel_id: by.channel ?? 'C0ALERTS',
    channel_name: 'alerts',
    user_id: by.user,
    user_name: 'changes-at-will',
    command,
    text,
    api_app_id: 'A0FAKE',
    is_enterprise_install: 'false',
    response_url: url,
    trigger_id: trigger,
  };
}

function pressPayload(
  slack: FakeSlack,
  by: FakeUser,
  ts: string,
  actionId: string,
  option: string | undefined,
  url: string,
  trigger: string,
) {
  const message = slack.workspace.messages.get(ts);
  type Element = { action_id?: string; value?: string; type: string; options?: { value: string }[] };
  const blocks = (message?.blocks ?? []) as { type: string; block_id?: string; elements?: Element[] }[];
  const block = blocks.find(
    one => one.type === 'actions' && one.elements?.some(each => each.action_id === actionId),
  );
  const element = block?.elements?.find(each => each.action_id === actionId);
  if (message === undefined || block === undefined || element === undefined)
    throw new Error(`there is no button ${actionId} in the message ${ts}`);
  const selected = element.options?.find(({ value }) => value === option);
  return {
    type: 'block_actions',
    user: { id: by.user, username: 'changes-at-will', team_id: by.userTeam ?? by.team ?? 'T0FAKE' },
    api_app_id: 'A0FAKE',
    token: 'deprecated',
    container: { type: 'message', message_ts: ts, channel_id: message.channel, is_ephemeral: false },
    trigger_id: trigger,
    team: { id: by.team ?? 'T0FAKE', domain: 'fake' },
    enterprise: by.enterprise === undefined ? null : { id: by.enterprise, name: 'fake' },
    channel: { id: message.channel, name: 'alerts' },
    message,
    state: { values: {} },
    response_url: url,
    actions: [
      {
        type: element.type,
        action_id: actionId,
        block_id: block.block_id,
        ...(selected === undefined ? { value: element.value } : { selected_option: selected }),
        action_ts: '1.0',
      },
    ],
  };
}

/** The headers by which Slack signs a body. */
export function signedHeaders(secret: string, body: string, at: Date): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const hash = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${hash}`,
  };
}

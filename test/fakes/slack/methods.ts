import { blocksError } from './blocks.ts';
import { type Answer, type FakeMessage, type FakeWorkspace, refusal } from './state.ts';

type Arguments = Record<string, string>;

/** A method of the Web API: arguments as they came (all texts), and the answer that Slack would give. */
export type Method = (workspace: FakeWorkspace, args: Arguments) => Answer;

/** The methods that the fake knows; any other is `unknown_method`. */
export const methods: Record<string, Method> = {
  'auth.test': () => ({ ok: true, team_id: 'T0FAKE', user_id: 'U0HOLDFAST', bot_id: 'B0HOLDFAST' }),
  'chat.postMessage': postMessage,
  'chat.update': update,
  'chat.postEphemeral': postEphemeral,
  'conversations.history': (workspace, args) => history(workspace, args, one => one.thread === undefined),
  'conversations.replies': replies,
};

/** Methods by which Slack's documentation tells the tier, in calls a minute; postMessage has its own rule. */
export const perMinute: Readonly<Record<string, number>> = {
  'chat.update': 50,
  'conversations.history': 50,
  'conversations.replies': 50,
  'auth.test': 1_000,
};

function postMessage(workspace: FakeWorkspace, args: Arguments): Answer {
  const { channel = '', thread_ts: thread, client_msg_id: id } = args;
  const wrong = channelError(workspace, channel) ?? contentError(args) ?? metadataError(args['metadata']);
  if (wrong !== undefined) return wrong;
  const repeated = id === undefined ? undefined : workspace.clientIds.get(id);
  if (repeated !== undefined && workspace.heedsClientIds)
    return { ok: true, channel, ts: repeated, message: { ts: repeated } };
  if (thread !== undefined && workspace.messages.get(thread)?.channel !== channel)
    return refusal('thread_not_found');
  workspace.sent += 1;
  const seconds = Math.floor(workspace.now() / 1000);
  const ts = `${seconds}.${String(workspace.sent).padStart(6, '0')}`;
  const { metadata } = args;
  const message: FakeMessage = {
    channel,
    ts,
    ...content(args),
    edits: 0,
    ...(thread === undefined ? {} : { thread }),
    ...(metadata === undefined ? {} : { metadata: JSON.parse(metadata) as unknown }),
  };
  workspace.messages.set(ts, message);
  record(workspace, 'post', message);
  if (id !== undefined) workspace.clientIds.set(id, ts);
  return { ok: true, channel, ts, message: { ts, text: args['text'] } };
}

function update(workspace: FakeWorkspace, args: Arguments): Answer {
  const { channel = '', ts = '' } = args;
  const wrong = channelError(workspace, channel) ?? contentError(args);
  if (wrong !== undefined) return wrong;
  const message = workspace.messages.get(ts);
  if (message === undefined || message.channel !== channel) return refusal('message_not_found');
  const { text, blocks } = content(args);
  message.text = text;
  // Blocks that are not sent stay as they were, so that a text alone changes nothing that people see.
  if (args['blocks'] !== undefined) message.blocks = blocks;
  message.edits += 1;
  record(workspace, 'edit', message);
  return { ok: true, channel, ts, text };
}

function record({ history, now }: FakeWorkspace, what: 'post' | 'edit', message: FakeMessage): void {
  history.push({ at: now(), what, message: { ...message } });
}

function postEphemeral(workspace: FakeWorkspace, args: Arguments): Answer {
  const { channel = '', user = '', thread_ts: thread } = args;
  const wrong = channelError(workspace, channel) ?? contentError(args);
  if (wrong !== undefined) return wrong;
  if (user === '') return refusal('user_not_in_channel');
  const shown = { channel, user, ...content(args), ...(thread === undefined ? {} : { thread }) };
  workspace.ephemerals.push(shown);
  return { ok: true, message_ts: '1.000000' };
}

function replies(workspace: FakeWorkspace, args: Arguments): Answer {
  const { ts = '', channel = '' } = args;
  if (workspace.messages.get(ts)?.channel !== channel) return refusal('thread_not_found');
  return history(workspace, args, one => one.thread === ts || one.ts === ts);
}

function history(
  workspace: FakeWorkspace,
  args: Arguments,
  belongs: (message: FakeMessage) => boolean,
): Answer {
  const { channel = '', oldest = '0', limit = '100', cursor = '0', include_all_metadata } = args;
  if (!workspace.scopes.has('channels:history'))
    return { ...refusal('missing_scope'), needed: 'channels:history', provided: 'chat:write' };
  const wrong = channelError(workspace, channel);
  if (wrong !== undefined) return wrong;
  const all = [...workspace.messages.values()]
    .filter(one => one.channel === channel && belongs(one) && Number(one.ts) > Number(oldest))
    .reverse();
  const from = Number(cursor);
  const page = all.slice(from, from + Math.min(Number(limit), 999));
  const more = from + page.length < all.length;
  const messages = page.map(({ ts, text, metadata }) => ({
    type: 'message',
    ts,
    text,
    bot_id: 'B0HOLDFAST',
    ...(include_all_metadata === 'true' && metadata !== undefined ? { metadata } : {}),
  }));
  const next = more ? { response_metadata: { next_cursor: String(from + page.length) } } : {};
  return { ok: true, messages, has_more: more, ...next };
}

function channelError({ channels }: FakeWorkspace, channel: string): Answer | undefined {
  const state = channels[channel];
  if (state === undefined) return refusal('channel_not_found');
  if (state === 'member') return undefined;
  return refusal(state === 'archived' ? 'is_archived' : 'not_in_channel');
}

function contentError(args: Arguments): Answer | undefined {
  const { text = '', blocks } = args;
  if (text === '' && blocks === undefined) return refusal('no_text');
  if (text.length > 40_000) return refusal('msg_too_long');
  const wrong = blocks === undefined ? undefined : blocksError(blocks);
  return wrong === undefined ? undefined : refusal(wrong.error, wrong.messages);
}

function metadataError(json: string | undefined): Answer | undefined {
  if (json === undefined) return undefined;
  try {
    const { event_type, event_payload } = JSON.parse(json) as Record<string, unknown>;
    const fine = typeof event_type === 'string' && typeof event_payload === 'object';
    return fine ? undefined : refusal('invalid_metadata_schema');
  } catch {
    return refusal('invalid_metadata_format');
  }
}

function content(args: Arguments): { text: string; blocks: unknown[] } {
  return { text: args['text'] ?? '', blocks: JSON.parse(args['blocks'] ?? '[]') as unknown[] };
}

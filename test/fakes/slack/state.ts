/** A message as it stands in a channel now. */
export interface FakeMessage {
  channel: string;
  ts: string;
  /** The message below which it stands. */
  thread?: string;
  text: string;
  blocks: unknown[];
  edits: number;
  metadata?: unknown;
}

/** What one person alone was shown. */
export interface FakeEphemeral {
  channel: string;
  user: string;
  thread?: string;
  text: string;
  blocks: unknown[];
}

/** What people saw happen. */
export interface FakeEvent {
  /** Milliseconds since the epoch. */
  at: number;
  what: 'post' | 'edit';
  message: FakeMessage;
}

export type ChannelState = 'member' | 'not-member' | 'archived';

/** What the workspace holds. */
export interface FakeWorkspace {
  channels: Record<string, ChannelState>;
  scopes: ReadonlySet<string>;
  messages: Map<string, FakeMessage>;
  ephemerals: FakeEphemeral[];
  /** Every post and edit, in order, as it left the message. */
  history: FakeEvent[];
  /** Messages by the id that their client gave them. */
  clientIds: Map<string, string>;
  /** Whether a post with a client's id that was used before gives the message back that is there, instead of another. */
  heedsClientIds: boolean;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Counts up, so that no two messages have one `ts`. */
  sent: number;
}

export type Answer = Record<string, unknown>;

export function refusal(error: string, messages: string[] = []): Answer {
  return { ok: false, error, ...(messages.length === 0 ? {} : { response_metadata: { messages } }) };
}

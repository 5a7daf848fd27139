/** A comment on a pull request, as the forge has it. */
export interface PullComment {
  id: number;
  author: string;
  body: string;
}

/** The conversation of one pull request (or merge request). All methods throw a Failure HF14xx. */
export interface Conversation {
  /** The account that writes our comments. */
  me(): Promise<string>;
  /** All comments, oldest first. */
  comments(): Promise<PullComment[]>;
  create(body: string): Promise<void>;
  update(id: number, body: string): Promise<void>;
}

/**
 * Writes the one comment of a preview, or edits the one that is there. A comment is ours only if it begins with the marker *and*
 * its author is our account: anybody can write a marker. An equal body is left alone. Says what was done.
 */
export async function putComment(
  conversation: Conversation,
  body: string,
): Promise<'created' | 'updated' | 'unchanged'> {
  const marker = body.split('\n', 1)[0] ?? '';
  const [me, comments] = await Promise.all([conversation.me(), conversation.comments()]);
  const ours = comments.find(comment => comment.author === me && beginsWith(comment.body, marker));
  if (ours === undefined) {
    await conversation.create(body);
    return 'created';
  }
  if (same(ours.body, body)) return 'unchanged';
  await conversation.update(ours.id, body);
  return 'updated';
}

function beginsWith(body: string, marker: string): boolean {
  return marker.startsWith('<!-- holdfast:') && body.trimStart().startsWith(marker);
}

/** Forges change line breaks and cut the end. */
function same(a: string, b: string): boolean {
  const plain = (text: string) => text.replaceAll('\r\n', '\n').trim();
  return plain(a) === plain(b);
}

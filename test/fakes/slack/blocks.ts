import { z } from 'zod';

/** Above this the real service answers msg_blocks_too_long; where exactly is not documented (11,341 and 13,200 were seen). */
const totalLimit = 11_000;

const text = z.strictObject({
  type: z.enum(['plain_text', 'mrkdwn']),
  text: z.string().min(1),
  emoji: z.boolean().optional(),
  verbatim: z.boolean().optional(),
});
const limited = (max: number) =>
  text.refine(one => one.text.length <= max, `must be less than ${max + 1} characters`);
const plain = (max: number) => limited(max).refine(one => one.type === 'plain_text', 'must be plain_text');
const blockId = z.string().max(255).optional();

const confirm = z.strictObject({
  title: plain(100),
  text: limited(300),
  confirm: plain(30),
  deny: plain(30),
  style: z.enum(['primary', 'danger']).optional(),
});

const button = z.strictObject({
  type: z.literal('button'),
  text: plain(75),
  action_id: z.string().max(255).optional(),
  url: z.string().max(3_000).optional(),
  value: z.string().max(2_000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: confirm.optional(),
});

const option = z.strictObject({ text: plain(75), value: z.string().min(1).max(150) });
const overflow = z.strictObject({
  type: z.literal('overflow'),
  action_id: z.string().max(255).optional(),
  options: z.array(option).min(1).max(5),
  confirm: confirm.optional(),
});
const staticSelect = z.strictObject({
  type: z.literal('static_select'),
  action_id: z.string().max(255).optional(),
  placeholder: plain(150).optional(),
  options: z.array(option).min(1).max(100),
  confirm: confirm.optional(),
});

const block = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('section'),
      block_id: blockId,
      text: limited(3_000).optional(),
      fields: z.array(limited(2_000)).min(1).max(10).optional(),
      accessory: button.optional(),
    })
    .refine(one => one.text !== undefined || one.fields !== undefined, 'text or fields'),
  z.strictObject({ type: z.literal('header'), block_id: blockId, text: plain(150) }),
  z.strictObject({ type: z.literal('context'), block_id: blockId, elements: z.array(text).min(1).max(10) }),
  z.strictObject({
    type: z.literal('actions'),
    block_id: blockId,
    elements: z
      .array(z.union([button, overflow, staticSelect]))
      .min(1)
      .max(25),
  }),
  z.strictObject({ type: z.literal('divider'), block_id: blockId }),
]);

/** What is wrong with the blocks of a message, as an error of Slack with its details; undefined when nothing is. */
export function blocksError(json: string): { error: string; messages: string[] } | undefined {
  let blocks: unknown;
  try {
    blocks = JSON.parse(json);
  } catch {
    return { error: 'invalid_blocks_format', messages: [] };
  }
  if (!Array.isArray(blocks)) return { error: 'invalid_blocks_format', messages: [] };
  if (blocks.length > 50) return { error: 'invalid_blocks', messages: ['no more than 50 items allowed'] };
  const parsed = z.array(block).safeParse(blocks);
  if (!parsed.success) {
    const messages = parsed.error.issues.map(
      issue => `[ERROR] ${issue.message} [json-pointer:/${issue.path.join('/')}]`,
    );
    return { error: 'invalid_blocks', messages };
  }
  const ids = parsed.data.flatMap(one => one.block_id ?? []);
  if (new Set(ids).size < ids.length)
    return { error: 'invalid_blocks', messages: ['block_id already exists'] };
  if (textOf(parsed.data).join('').length > totalLimit) return { error: 'msg_blocks_too_long', messages: [] };
  return undefined;
}

/** Every text in blocks, in order. */
export function textOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === 'text' && typeof item === 'string' ? [item] : textOf(item),
  );
}

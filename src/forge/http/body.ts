import type { z } from 'zod';
import { Failure } from '../../failure/failure.ts';
import type { Clean } from './words.ts';

/** The body as text, read up to `limit` bytes and no further; more is a Failure HF1405. */
export async function readBody(response: Response, limit: number): Promise<string> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > limit) throw new Failure('HF1405', `the forge answered more than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * A body as what the schema says. What is not JSON (a proxy's HTML page, a cut answer) or not what the API allows is a
 * Failure HF1405 that names the field, never its value.
 */
export function parseBody<T extends z.ZodType>(
  schema: T,
  text: string,
  subject: string,
  clean: Clean,
): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Failure('HF1405', 'the forge answered something that is not JSON', { where: { subject } });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = issue === undefined || issue.path.length === 0 ? 'the answer' : issue.path.join('.');
  const what = clean(`${place}: ${issue?.message ?? 'invalid'}`);
  throw new Failure('HF1405', `the forge's answer is not as its API says: ${what}`, { where: { subject } });
}

/** The `message` of an error answer of either forge, for people; empty when it has none. */
export function errorMessage(text: string, clean: Clean): string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('message' in value)) return '';
    return typeof value.message === 'string' ? clean(value.message) : '';
  } catch {
    return '';
  }
}

import { z } from 'zod';
import { lineSchema } from './lines.ts';
import type { Line } from './say.ts';

/** What a channel is told because somebody asked for syncs there: that they did, and below it how these ended. */
export interface Thread {
  id: string;
  channel: string;
  /** When it was asked for, RFC 3339. */
  at: string;
  /** Names of Syncs. */
  syncs: string[];
  asked: Line[];
  /** The message that tells of the asking, once it is posted. */
  ts?: string;
}

/** A thread as it is kept in a DriftReport. */
export const threadSchema = z.object({
  id: z.string().min(1),
  channel: z.string().min(1),
  at: z.iso.datetime({ offset: true }),
  syncs: z.array(z.string()),
  asked: z.array(lineSchema),
  ts: z.string().optional(),
});

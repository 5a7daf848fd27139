import { z } from 'zod';
import { settingsSchema } from '../settings.ts';

/** The JSON Schema of holdfast.yaml as people write it: what has a default may be left out. */
export function settingsJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(settingsSchema, { io: 'input' });
  return { $schema, title: 'holdfast.yaml, holdfast.dev/v1alpha1', ...schema };
}

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { jsonObjectSchema } from '../../../cluster/schema.ts';
import { withPlaces } from '../../../declared/helm/differing.ts';
import { printedKey, readPrinted } from '../../../declared/helm/output.ts';

/**
 * A program that helm runs over what it has rendered (a post-renderer): puts back what must stay as it was installed, such as
 * passwords that a template makes anew each time. The file that is named holds objects by their key, places and the objects to take
 * them from. What it cannot read ends the upgrade: nothing is installed then.
 */
const keptSchema = z.array(
  z.object({ key: z.string(), places: z.array(z.array(z.string())), from: jsonObjectSchema }),
);

export function keepValues(manifest: string, kept: z.output<typeof keptSchema>): string {
  const { objects, hooks, problems } = readPrinted(manifest);
  const [problem] = problems;
  if (problem !== undefined) throw new Error(problem.message);
  const byKey = new Map(kept.map(each => [each.key, each]));
  return [...objects, ...hooks]
    .map(object => {
      const wanted = byKey.get(printedKey(object));
      const value =
        wanted === undefined ? object.object : withPlaces(object.object, wanted.places, wanted.from);
      const source = object.template === '' ? '' : `# Source: ${object.template}\n`;
      return `---\n${source}${JSON.stringify(value)}\n`;
    })
    .join('');
}

if (import.meta.main) {
  const file = process.argv[2] ?? '';
  const kept = keptSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  process.stdout.write(keepValues(readFileSync(0, 'utf8'), kept));
}

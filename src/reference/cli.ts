import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { program } from '../cli/program.ts';

/** Where the command line is published for people; checked to be fresh by a test. */
export const publishedPage: string = fileURLToPath(new URL('../../docs/cli.md', import.meta.url));

/** The text of the published page: what `--help` says of every command, word for word. */
export function pageText(): string {
  // what the environment of whoever writes the page says is no default
  delete process.env['HOLDFAST_NAMESPACE'];
  const commands = program(() => undefined).commands.filter(command => command.name() !== 'help');
  return [
    '# The command line',
    '',
    'What `holdfast COMMAND --help` says, word for word. `npm run docs` writes this page.',
    '',
    ...commands.map(command => `- [${command.name()}](#${command.name()}): ${command.description()}`),
    '',
    ...commands.flatMap(command => [`## ${command.name()}`, '', '```', helpOf(command), '```', '']),
  ].join('\n');
}

/** The help with all that is added after it, as wide as a terminal usually is. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: part => {
      text += part;
    },
    getOutHelpWidth: () => 120,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text.trimEnd();
}

if (import.meta.main) writeFileSync(publishedPage, pageText());

import { type Command, InvalidArgumentError, Option } from 'commander';

/** Every command resolves to its exit code; a thrown Failure is printed as one line and exits with 2. */
export type Action = () => Promise<number>;

/** Carries out a command's action and ends the process with its code. */
export type Run = (action: Action) => void;

/** Options of what talks to a cluster. */
export function cluster(command: Command): Command {
  return command
    .option('--kubeconfig <file>', 'the kubeconfig to use (default: as kubectl finds it)')
    .option('--context <name>', 'the context of the kubeconfig');
}

/** The option of what reads Holdfast's own resources. */
export function namespace(command: Command): Command {
  return command.option(
    '--namespace <name>',
    'where Holdfast keeps its resources',
    process.env['HOLDFAST_NAMESPACE'] ?? 'holdfast',
  );
}

/** How a report is printed. */
export function reportFormat(): Option {
  return new Option('-o, --output <format>', 'how to print')
    .choices(['text', 'json', 'html', 'markdown'])
    .default('text');
}

export function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

export function seconds(value: string): number {
  const number = Number(value);
  if (!(number > 0 && number <= 86_400))
    throw new InvalidArgumentError('A number of seconds is needed, at most 86400.');
  return number;
}

export function fullSha(value: string): string {
  if (!/^[0-9a-f]{40}$/.test(value))
    throw new InvalidArgumentError('A full commit SHA has 40 lower-case hex digits.');
  return value;
}

import { toFailure } from '../src/failure/failure.ts';
import { stopOnSignals } from './processes/signals.ts';
import { removeStaleWorkplaces } from './processes/stale.ts';
import { workplacesFolder } from './processes/workplace.ts';
import { demo } from './stories/demo.ts';
import { tryIt } from './stories/try.ts';
import { type ToolName, toolSets } from './tools/catalogue.ts';
import { provideTools } from './tools/provide.ts';
import { startSandbox, stopSandboxes } from './up.ts';

/** The commands: `node sandbox/main.ts NAME`. Results go to stdout, progress to stderr. */
const commands: Readonly<Record<string, { about: string; run: () => Promise<void> }>> = {
  tools: { about: 'get every tool and say where it is', run: tools },
  up: { about: 'start the control plane and Gitea; stays up until Ctrl-C', run: up },
  try: { about: 'a shop that Holdfast watches: prints what to try, stays up until Ctrl-C', run: tryIt },
  demo: { about: 'the same stories by themselves, as a transcript', run: demo },
  down: { about: 'end what `up` started, and clean', run: down },
  clean: { about: 'remove what killed runs left behind', run: clean },
};

async function tools(): Promise<void> {
  const all: ToolName[] = toolSets
    .filter(({ onDemand }) => onDemand !== true)
    .flatMap(set => set.steps.map(step => step.tool));
  const found = await provideTools(all);
  for (const tool of all) process.stdout.write(`${tool.padEnd(24)}${found[tool]}\n`);
}

async function up(): Promise<void> {
  const begun = performance.now();
  const sandbox = await startSandbox();
  stopOnSignals(() => sandbox.stop());
  const { controlPlane, gitea } = sandbox;
  process.stdout.write(
    [
      `export KUBECONFIG=${controlPlane.kubeconfig}`,
      `# kubectl: ${controlPlane.kubectl}`,
      `# Gitea: ${gitea.url} as ${gitea.admin.name}, password ${gitea.admin.password}`,
      `# up in ${((performance.now() - begun) / 1000).toFixed(1)} s; Ctrl-C stops it`,
      '',
    ].join('\n'),
  );
  // The children do not keep us alive by themselves.
  setInterval(() => undefined, 2 ** 30);
}

async function down(): Promise<void> {
  const { stopped, removed } = await stopSandboxes();
  process.stdout.write(`stopped ${stopped}, removed ${removed.length}\n`);
}

async function clean(): Promise<void> {
  process.stdout.write(`removed ${removeStaleWorkplaces(workplacesFolder()).length}\n`);
}

async function main(name: string | undefined): Promise<number> {
  const command = name === undefined ? undefined : commands[name];
  if (command === undefined) {
    const lines = Object.entries(commands).map(([known, { about }]) => `  ${known.padEnd(8)}${about}\n`);
    process.stderr.write(`usage: node sandbox/main.ts COMMAND\n${lines.join('')}`);
    return 2;
  }
  try {
    await command.run();
    return 0;
  } catch (error) {
    process.stderr.write(`${toFailure(error, 'HF1004').line}\n`);
    return 1;
  }
}

process.exitCode = await main(process.argv[2]);

import { Connection } from '../cluster/connection.ts';
import { configurationFrom, type Role } from '../daemon/configuration.ts';
import { runDaemon } from '../daemon/run.ts';
import { createLog, type LogLevel } from '../log/log.ts';
import { Scrubber } from '../log/scrubber.ts';
import { wantsColour } from '../report/terminal.ts';
import { exportTraces, wantsTraces } from '../telemetry/export.ts';

/** `holdfast run`: the daemon, until SIGINT or SIGTERM; a second signal ends it at once. */
export async function run(options: {
  kubeconfig?: string;
  context?: string;
  role: Role;
  logLevel: LogLevel;
}): Promise<number> {
  const configuration = configurationFrom(process.env);
  const scrubber = new Scrubber(configuration.secrets);
  const log = createLog({
    level: options.logLevel,
    stream: process.stderr,
    environment: process.env,
    scrubber,
  });
  const connection = await Connection.open(options);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(1);
      log.info({ signal }, 'stopping');
      stop.abort();
    });
  }
  process.on('unhandledRejection', error => log.error({ error }, 'an unexpected error'));
  process.stdout.on('error', error => log.warn({ error }, 'standard output takes no alerts any more'));
  const write = (text: string) => process.stdout.write(scrubber.scrub(text));
  const colour = wantsColour(process.stdout, process.env);
  const { environment, holder } = configuration;
  const about = { 'service.instance.id': holder, 'holdfast.role': options.role };
  const ended = wantsTraces(process.env)
    ? await exportTraces({
        ...about,
        ...(environment === undefined ? {} : { 'deployment.environment.name': environment }),
      })
    : undefined;
  try {
    await runDaemon({ configuration, role: options.role, connection, log, write, colour }, stop.signal);
  } finally {
    await ended?.();
  }
  return 0;
}

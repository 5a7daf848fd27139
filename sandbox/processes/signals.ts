/**
 * Runs `stop` once at the first SIGINT, SIGTERM or SIGHUP, and then ends our process with the usual status (128 + number).
 * A second signal ends it at once; the children end in either case. Returns what takes the handlers away again.
 */
export function stopOnSignals(stop: () => Promise<void>): () => void {
  const numbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
  const signals = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;
  let stopping = false;
  const onSignal = (signal: (typeof signals)[number]) => {
    const end = () => process.exit(128 + numbers[signal]);
    if (stopping) return end();
    stopping = true;
    stop().then(end, end);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.removeListener(signal, onSignal);
  };
}

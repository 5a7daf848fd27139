import { Session } from 'node:inspector/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';
import { Hono } from 'hono';
import { fired } from '../concurrency/fired.ts';
import { serve } from './server.ts';

const mostSeconds = 60;

/**
 * What the process does and holds, for who may reach the loopback interface of its Pod: a CPU profile and sums of memory. Neither
 * holds a value of the cluster; there is no heap snapshot, since that would hold every Secret.
 */
export function debugging(): Hono {
  const app = new Hono();
  let busy = false;
  app.use(async (context, next) => {
    // a page in a browser that resolves a name of its own to 127.0.0.1 must not get here
    const host = (context.req.header('host') ?? '').replace(/:\d+$/, '');
    if (!['127.0.0.1', 'localhost', '[::1]'].includes(host)) return context.text('not here\n', 403);
    await next();
    return undefined;
  });
  app.get('/debug/memory', context =>
    context.json({
      process: process.memoryUsage(),
      heap: getHeapStatistics(),
      spaces: getHeapSpaceStatistics(),
      open: counted(process.getActiveResourcesInfo()),
      uptimeSeconds: Math.round(process.uptime()),
    }),
  );
  app.get('/debug/profile', async context => {
    const seconds = Number(context.req.query('seconds') ?? '10');
    if (!(seconds > 0 && seconds <= mostSeconds)) return context.text(`seconds: 1 to ${mostSeconds}\n`, 400);
    if (busy) return context.text('another profile is being taken\n', 409);
    busy = true;
    try {
      return context.json(await profile(seconds * 1000));
    } finally {
      busy = false;
    }
  });
  return app;
}

/** Serves it on the loopback interface until the signal; nothing without a port. Throws HF1001 when the port cannot be had. */
export async function serveDebugging(port: number | undefined, signal: AbortSignal): Promise<void> {
  if (port === undefined) return;
  const listening = await serve(debugging(), { host: '127.0.0.1', port });
  if (!signal.aborted) await fired(signal);
  await listening.close();
}

/** A profile as Chrome’s and VS Code’s tools open it (`.cpuprofile`): names of functions and times. */
async function profile(ms: number): Promise<object> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    await sleep(ms);
    return (await session.post('Profiler.stop')).profile;
  } finally {
    session.disconnect();
  }
}

function counted(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

import { Hono } from 'hono';
import type { Registry } from 'prom-client';

/** What the probes ask; each answer is a list of what is wrong, empty when all is well. */
export interface Health {
  /** Whether the process works at all: what is wrong here is mended by a restart. */
  alive(): string[];
  /** Whether it has seen what it needs to see. */
  ready(): string[];
}

/** Probes and metrics: all that a converger serves. No answer holds anything of the repository or the cluster but counts. */
export function probes(health: Health, registry: Registry): Hono {
  const app = new Hono();
  const answer = (wrong: string[]) =>
    wrong.length === 0 ? new Response('ok\n') : new Response(`${wrong.join('\n')}\n`, { status: 503 });
  app.get('/healthz', () => answer(health.alive()));
  app.get('/readyz', () => answer(health.ready()));
  app.get(
    '/metrics',
    async () => new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } }),
  );
  return app;
}

import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { Failure } from '../../failure/failure.ts';
import { isLive } from '../../incidents/incident.ts';
import { livePolicy, pageDocument } from '../../page/document.ts';
import { renderJson } from '../../report/json.ts';
import { html } from '../../report/markup.ts';
import type { Access } from '../access/access.ts';
import { historyView } from './history.ts';
import { apiDescription } from './openapi.ts';
import type { PageReader, PageState } from './state.ts';
import { overview, syncView, unitView, type View } from './views.ts';

export interface PageOptions {
  reader: PageReader;
  access: Access;
  /** How often a page that is open looks for what changed. */
  lookEveryMs?: number;
  /** Pages that follow at the same time. */
  mostFollowers?: number;
}

/**
 * The page and what stands behind it (`/api/v1`): it only answers GET, holds no form that changes anything, and every answer names
 * what may be loaded: nothing but itself.
 */
export function pageApp({ reader, access, lookEveryMs = 2_000, mostFollowers = 100 }: PageOptions): Hono {
  const app = new Hono();
  let followers = 0;
  const own = ['/', '/units/*', '/syncs/*', '/events', '/api/v1/*'];
  for (const path of own) {
    app.use(path, async (context, next) => {
      const admitted = await access.admit(context);
      if (admitted instanceof Response) return admitted;
      await next();
      secured(context.res.headers);
      return undefined;
    });
  }
  const shown = async (make: (state: PageState) => View | undefined) => {
    const state = await reader.read();
    const view = make(state);
    return view === undefined ? page(unknownView, 404) : page(view);
  };
  app.get('/', () => shown(overview));
  app.get('/units/:name', context => shown(state => unitView(state, context.req.param('name'))));
  app.get('/units/:name/resource', context =>
    shown(state => historyView(state, context.req.param('name'), context.req.query('key') ?? '')),
  );
  app.get('/syncs/:name', context => shown(state => syncView(state, context.req.param('name'))));
  app.get('/events', context => {
    if (followers >= mostFollowers) return new Response('too many follow already\n', { status: 503 });
    followers += 1;
    return streamSSE(context, async stream => {
      let [known, open] = ['', true];
      stream.onAbort(() => {
        open = false;
      });
      try {
        while (open) {
          const version = await reader.version().catch(() => known);
          if (version !== known && known !== '') await stream.writeSSE({ event: 'changed', data: version });
          else await stream.writeSSE({ event: 'alive', data: version });
          known = version;
          await stream.sleep(lookEveryMs);
        }
      } finally {
        followers -= 1;
      }
    });
  });
  app.get('/api/v1/openapi.json', () => json(apiDescription));
  app.get('/api/v1/units', async () => json({ units: (await reader.read()).units.map(unitJson) }));
  app.get('/api/v1/incidents', async context => {
    const { incidents } = await reader.read();
    const all = context.req.query('state') === 'all';
    return json({ incidents: incidents.filter(incident => all || isLive(incident)).map(incidentJson) });
  });
  app.get('/api/v1/syncs', async context => {
    const { syncs } = await reader.read();
    const unit = context.req.query('unit');
    return json({
      syncs: syncs.filter(({ spec }) => unit === undefined || spec.unit === unit).map(syncJson),
    });
  });
  app.get('/api/v1/syncs/:name', async context => {
    const sync = (await reader.read()).syncs.find(
      ({ metadata }) => metadata.name === context.req.param('name'),
    );
    return sync === undefined ? json({ message: 'there is no such Sync' }, 404) : json(syncJson(sync));
  });
  app.onError(error => {
    const code = error instanceof Failure ? error.code : 'HF1002';
    return new Response(`${code} what is shown here cannot be read at the moment; try again\n`, {
      status: 503,
    });
  });
  return app;
}

const unknownView: View = {
  title: 'Holdfast: not found',
  filtered: 'nothing',
  head: html`<h1>There is nothing of this name</h1>\n`,
  main: html`<p><a href="/">All units</a></p>\n`,
};

function page({ title, head, main, filtered }: View, status = 200): Response {
  return new Response(pageDocument({ title, head, main, filtered, live: true }), {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': livePolicy },
  });
}

function json(value: object, status = 200): Response {
  return new Response(renderJson(value), { status, headers: { 'content-type': 'application/json' } });
}

function secured(headers: Headers): void {
  headers.set('cache-control', 'no-store');
  headers.set('x-content-type-options', 'nosniff');
  headers.set('x-frame-options', 'DENY');
  headers.set('referrer-policy', 'no-referrer');
  headers.set('cross-origin-opener-policy', 'same-origin');
  headers.set('cross-origin-resource-policy', 'same-origin');
}

function unitJson({ name, state, frozen }: PageState['units'][number]): object {
  return { name, ...state, ...(frozen === undefined ? {} : { frozen }) };
}

/** Without where it was told: that is between Holdfast and the outlets. */
function incidentJson({
  told: _told,
  seq: _seq,
  lanes: _lanes,
  ...incident
}: PageState['incidents'][number]): object {
  return incident;
}

function syncJson({ metadata, spec, status }: PageState['syncs'][number]): object {
  return { name: metadata.name, createdAt: metadata.creationTimestamp, ...spec, ...(status && { status }) };
}

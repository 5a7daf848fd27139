import { Hono } from 'hono';
import type { Freezes } from '../converge/freeze/freezes.ts';
import { holdsNow } from '../converge/freeze/holds-now.ts';
import type { Inventories } from '../converge/inventory/inventories.ts';
import type { SyncStore } from '../converge/sync-store.ts';
import type { FreezeWindow } from '../declared/settings/freezes.ts';
import type { Driver } from '../drivers/driver.ts';
import type { DriverName } from '../findings/finding.ts';
import type { LendingRepository } from '../git/repository.ts';
import type { IncidentStore } from '../incidents/store.ts';
import type { Log } from '../log/log.ts';
import { PreviewService } from '../preview/daemon/serve.ts';
import { type CiTokenOptions, ciTokens } from '../web/access/ci-token.ts';
import { loopbackAccess } from '../web/access/loopback.ts';
import { oidcAccess } from '../web/access/oidc.ts';
import { proxyAccess } from '../web/access/proxy.ts';
import { pageApp } from '../web/page/app.ts';
import { PageReader } from '../web/page/state.ts';
import { previewRoute } from '../web/preview.ts';
import type { PageConfiguration } from './configuration/page.ts';

export interface PagesParts {
  page: PageConfiguration;
  /** Absent: no previews are made for CI. */
  previews: CiTokenOptions | undefined;
  branch: string;
  environment: string | undefined;
  store: Pick<IncidentStore, 'load'>;
  syncs: Pick<SyncStore, 'list'>;
  freezes: Pick<Freezes, 'current'>;
  inventories: Pick<Inventories, 'load'>;
  /** The freeze windows of the revision in use. */
  windows: () => readonly FreezeWindow[];
  repository: LendingRepository;
  drivers: ReadonlyMap<DriverName, Driver>;
  log: Log;
}

/** What the observer shows: the page with its API, and previews for CI jobs. All of it only reads. */
export function pages(parts: PagesParts): Hono {
  const { page, previews, branch, environment, store, syncs, freezes, inventories, windows } = parts;
  const { repository, drivers, log } = parts;
  const app = new Hono();
  const reader = new PageReader({
    branch,
    environment,
    reports: () => store.load(),
    syncs: () => syncs.list(),
    holds: () => holdsNow(freezes),
    windows,
    now: () => new Date(),
  });
  if (previews !== undefined) {
    const service = new PreviewService({
      ...{ repository, drivers, environment, now: () => new Date() },
      holds: () => holdsNow(freezes),
      inventoryOf: unit => inventories.load(unit),
    });
    const route = previewRoute({
      service,
      check: ciTokens(previews),
      onAsked: ({ who, head, failure }) =>
        failure === undefined
          ? log.info({ who, head }, 'a preview was made')
          : log.warn({ who, head, error: failure }, 'a preview was not made'),
    });
    app.route('/', route);
  }
  if (page.by === 'oidc') {
    const onTrouble = (error: Error) => log.warn({ error }, 'a login to the page did not succeed');
    const { access, routes } = oidcAccess({ ...page, onTrouble });
    app.route('/', routes);
    app.route('/', pageApp({ reader, access }));
  } else {
    const access = page.by === 'proxy' ? proxyAccess(page) : loopbackAccess();
    app.route('/', pageApp({ reader, access }));
  }
  return app;
}

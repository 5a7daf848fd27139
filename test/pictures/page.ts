import { resourceKey } from '../../src/findings/finding.ts';
import { pageDocument } from '../../src/page/document.ts';
import { historyView } from '../../src/web/page/history.ts';
import type { PageState } from '../../src/web/page/state.ts';
import { overview, syncView } from '../../src/web/page/views.ts';
import { finding } from '../report/sample.ts';
import { incident, now, report, sha, sync } from '../web/page-sample.ts';
import { fourWays, type Scene } from './scene.ts';

/** The page of a daemon with one drift, one that was put right, and the sync that did it. */
export function pageScenes(): Scene[] {
  const state = report().state;
  if (state === undefined) throw new Error('the sample has no state');
  const units: PageState['units'] = [
    { name: 'monitoring', state: { ...state, driver: 'helm', verdict: 'in-sync', declared: 41, inSync: 41 } },
    { name: 'network', state: { ...state, driver: 'terraform', verdict: 'unknown', declared: 0, inSync: 0 } },
    {
      name: 'shop',
      state: { ...state, tip: 'd'.repeat(40) },
      frozen: { reason: 'summer sale', until: 'Mon 08:00 Europe/Berlin' },
    },
  ];
  const resolved = [3, 7, 8].map(hour =>
    incident({
      id: `past-${hour}`,
      state: 'resolved',
      openedAt: `2026-08-03T0${hour}:05:00.000Z`,
      resolvedAt: `2026-08-03T${hour + 1 < 10 ? `0${hour + 1}` : hour + 1}:40:00.000Z`,
    }),
  );
  const page: PageState = {
    readAt: now,
    branch: 'main',
    environment: 'production',
    units,
    freezes: [{ reason: 'summer sale', until: 'Mon 08:00 Europe/Berlin', units: ['shop'] }],
    incidents: [incident(), ...resolved],
    syncs: [sync()],
  };
  const shown = (view: ReturnType<typeof syncView>) => {
    if (view === undefined) throw new Error(`no view of ${sha}`);
    return pageDocument(view);
  };
  return [
    ...fourWays('page', shown(overview(page))),
    {
      name: 'page-history',
      html: shown(historyView(page, 'shop', resourceKey(finding().resource))),
      width: 1000,
      scheme: 'light',
    },
    { name: 'page-sync', html: shown(syncView(page, sync().metadata.name)), width: 1000, scheme: 'light' },
  ];
}

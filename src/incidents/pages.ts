import type { StoredReport } from './drift-report.ts';
import { storedIncident } from './fitting.ts';
import type { Incident } from './incident.ts';

/** Incidents of a report that are kept in one object; page 1 is the report itself. */
export interface Page {
  page: number;
  incidents: Incident[];
}

export interface PageSizes {
  /** Bytes of incidents in the report itself, which holds findings besides, and in each further page. */
  first: number;
  further: number;
  most: number;
}

/** An object of etcd may have 1.5 MB; some is left for what the API server adds. */
export const pageSizes: PageSizes = { first: 500_000, further: 900_000, most: 40 };

/**
 * Which page of its report holds which incident. One stays on its page as long as it fits there, so that a change rewrites one
 * page and not all. What goes on is placed before what is over; only where even the last page is full the latter is left out.
 */
export class Pages {
  readonly #sizes: PageSizes;
  readonly #places = new Map<string, Map<string, number>>();

  constructor(sizes: PageSizes = pageSizes) {
    this.#sizes = sizes;
  }

  /** What was found on a page when it was loaded. */
  know(name: string, page: number, keys: Iterable<string>): void {
    const places = this.#of(name);
    for (const key of keys) places.set(key, page);
  }

  forget(name: string): void {
    this.#places.delete(name);
  }

  /**
   * The pages in the order in which they must be written: first those that take incidents over from others, so that what is
   * killed in between leaves an incident twice and never not at all.
   */
  split(report: StoredReport): Page[] {
    const before = this.#of(report.name);
    const pages: (Page & { left: number; takes: boolean })[] = [];
    const page = (number: number) => {
      while (pages.length < number)
        pages.push({
          page: pages.length + 1,
          incidents: [],
          left: pages.length === 0 ? this.#sizes.first : this.#sizes.further,
          takes: false,
        });
      return pages[number - 1];
    };
    page(Math.max(1, ...before.values()));
    const places = new Map<string, number>();
    const put = (incident: Incident, size: number, number: number): boolean => {
      const into = number > this.#sizes.most ? undefined : page(number);
      if (into === undefined || into.left < size) return false;
      into.left -= size;
      into.incidents.push(incident);
      into.takes ||= before.has(incident.key) && before.get(incident.key) !== number;
      places.set(incident.key, number);
      return true;
    };
    const homeless: { incident: Incident; size: number }[] = [];
    for (const incident of ordered(report.incidents)) {
      const size = Buffer.byteLength(JSON.stringify(storedIncident(incident))) + 1;
      const known = before.get(incident.key);
      if (known === undefined || !put(incident, size, known)) homeless.push({ incident, size });
    }
    for (const { incident, size } of homeless) {
      for (let number = 1; number <= this.#sizes.most; number += 1) if (put(incident, size, number)) break;
    }
    this.#places.set(report.name, places);
    return pages
      .sort((a, b) => Number(b.takes) - Number(a.takes) || b.page - a.page)
      .map(({ page: number, incidents }) => ({ page: number, incidents }));
  }

  #of(name: string): Map<string, number> {
    const known = this.#places.get(name) ?? new Map<string, number>();
    this.#places.set(name, known);
    return known;
  }
}

/** What goes on first, then what is over, the newest first. */
function ordered(incidents: readonly Incident[]): Incident[] {
  const over = (one: Incident) => Number(one.state === 'resolved');
  return [...incidents].sort((a, b) => over(a) - over(b) || (a.updatedAt < b.updatedAt ? 1 : -1));
}

/** The name of the object that holds a page. A dot cannot stand in the name of a report. */
export function pageName(name: string, page: number): string {
  return page === 1 ? name : `${name}.${page}`;
}

/** Reports with what their further pages hold. An incident that is on two pages is taken as it was changed last. */
export function together(
  parts: readonly (StoredReport & { page?: { of: string; number: number } })[],
): StoredReport[] {
  const reports = new Map<string, StoredReport>();
  for (const { page, ...part } of parts) {
    const name = page?.of ?? part.name;
    const known = reports.get(name);
    const incidents = newest([...(known?.incidents ?? []), ...part.incidents]);
    reports.set(name, { ...known, ...(page === undefined ? part : {}), name, incidents });
  }
  return [...reports.values()];
}

function newest(incidents: readonly Incident[]): Incident[] {
  const byKey = new Map<string, Incident>();
  for (const one of incidents) {
    const other = byKey.get(one.key);
    const newer =
      other === undefined ||
      one.seq > other.seq ||
      (one.seq === other.seq && one.updatedAt >= other.updatedAt);
    if (newer) byKey.set(one.key, one);
  }
  return [...byKey.values()];
}

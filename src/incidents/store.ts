import { z } from 'zod';
import type { ApiResponse, Connection } from '../cluster/connection.ts';
import { Failure } from '../failure/failure.ts';
import {
  driftReportSchema,
  findingSchema,
  incidentSchema,
  type StoredReport,
  type UnitState,
} from './drift-report.ts';
import { fittingStatus, storedIncident } from './fitting.ts';
import { isLive } from './incident.ts';
import { Pages, pageName, together } from './pages.ts';
import { type Thread, threadSchema } from './threads.ts';

/** Where incidents outlive the process. Methods throw a Failure HF13xx. */
export interface IncidentStore {
  load(): Promise<StoredReport[]>;
  save(report: StoredReport): Promise<void>;
  remove(name: string): Promise<void>;
  /** What was written may be there no more: all is written again that is saved from now on. */
  anew(): void;
}

const listSchema = z.looseObject({
  metadata: z.looseObject({ continue: z.string().optional() }),
  items: z.array(z.unknown()),
});

const statusSchema = z.looseObject({
  message: z.string().optional(),
  details: z.looseObject({ kind: z.string().optional() }).optional(),
});

export interface DriftReportStoreOptions {
  namespace: string;
  /** Hears of what is stored but cannot be read; it is left out. */
  onUnreadable?: (what: string) => void;
  /** A status in which only the time of comparison is newer is written after this time only; 5 minutes unless told. */
  refreshEveryMs?: number;
}

/** One object: a report, or a further page of one. */
type StoredPage = StoredReport & { page?: { of: string; number: number } };

/** How old the time of comparison in a report of a daemon that runs may become, and a little more. */
export const refreshEveryMs = 300_000;

/**
 * Keeps incidents in the custom resource DriftReport, one for each unit, through its status subresource. What it writes
 * holds no secret, since findings come redacted. Only one process may write at a time (the holder of the Lease).
 */
export class DriftReportStore implements IncidentStore {
  readonly #connection: Pick<Connection, 'request'>;
  readonly #options: DriftReportStoreOptions;
  readonly #path: string;
  #pages = new Pages();
  /** Further pages that there are, as far as is known. */
  readonly #made = new Set<string>();
  readonly #written = new Map<string, { status: string; comparedAt: number }>();

  constructor(connection: Pick<Connection, 'request'>, options: DriftReportStoreOptions) {
    this.#connection = connection;
    this.#options = options;
    const namespace = encodeURIComponent(options.namespace);
    this.#path = `/apis/holdfast.dev/v1alpha1/namespaces/${namespace}/driftreports`;
  }

  async load(): Promise<StoredReport[]> {
    const reports: StoredPage[] = [];
    // Another process may have written since.
    this.#written.clear();
    this.#made.clear();
    this.#pages = new Pages();
    let token: string | undefined;
    do {
      const query = { limit: 100, continue: token };
      const response = await this.#connection.request({ path: this.#path, query });
      const list = listSchema.safeParse(this.#checked(response, 'list DriftReports').body);
      if (!list.success) throw new Failure('HF1308', 'the API server answered with no list of DriftReports');
      reports.push(...list.data.items.flatMap(item => this.#read(item)));
      token = list.data.metadata.continue || undefined;
    } while (token !== undefined);
    for (const { name, page, incidents } of reports) {
      this.#made.add(name);
      this.#pages.know(
        page?.of ?? name,
        page?.number ?? 1,
        incidents.map(one => one.key),
      );
    }
    return together(reports);
  }

  anew(): void {
    this.#written.clear();
  }

  /** Makes the objects that there are not. A status that was written before is not written again. */
  async save(report: StoredReport): Promise<void> {
    const { incidents } = report;
    const counts = { incidentCount: incidents.length, openCount: incidents.filter(isLive).length };
    for (const { page, incidents: some } of this.#pages.split(report)) {
      const name = pageName(report.name, page);
      if (page === 1) {
        const spec = report.unit === undefined ? {} : { unit: report.unit };
        const status = { ...fittingStatus({ ...report, incidents: some }), ...counts };
        await this.#write(name, spec, status, Date.parse(report.state?.comparedAt ?? '') || 0);
      } else if (some.length === 0) {
        if (this.#made.has(name)) await this.#delete(name);
      } else {
        const spec = { of: report.name, page, ...(report.unit === undefined ? {} : { unit: report.unit }) };
        const sorted = [...some].sort((a, b) => (a.key < b.key ? -1 : 1));
        await this.#write(name, spec, { incidents: sorted.map(storedIncident) }, 0);
      }
    }
  }

  async remove(name: string): Promise<void> {
    for (const { page } of this.#pages.split({ name, incidents: [] }))
      await this.#delete(pageName(name, page));
    this.#pages.forget(name);
  }

  async #write(
    name: string,
    spec: Record<string, unknown>,
    status: Record<string, unknown>,
    comparedAt: number,
  ): Promise<void> {
    const { comparedAt: _, ...lasting } = status;
    const fingerprint = JSON.stringify(lasting);
    const written = this.#written.get(name);
    const fresh = comparedAt - (written?.comparedAt ?? 0) < (this.#options.refreshEveryMs ?? refreshEveryMs);
    if (written?.status === fingerprint && fresh) return;
    let response = await this.#patchStatus(name, status);
    if (response.status === 404) {
      await this.#create(name, spec);
      response = await this.#patchStatus(name, status);
    }
    this.#checked(response, `write the DriftReport ${name}`);
    this.#written.set(name, { status: fingerprint, comparedAt });
    this.#made.add(name);
  }

  async #delete(name: string): Promise<void> {
    this.#written.delete(name);
    this.#made.delete(name);
    const path = `${this.#path}/${encodeURIComponent(name)}`;
    const response = await this.#connection.request({ method: 'DELETE', path });
    if (response.status !== 404) this.#checked(response, `delete the DriftReport ${name}`);
  }

  #patchStatus(name: string, status: Record<string, unknown>): Promise<ApiResponse> {
    return this.#connection.request({
      method: 'PATCH',
      path: `${this.#path}/${encodeURIComponent(name)}/status`,
      query: { fieldManager: 'holdfast' },
      contentType: 'application/merge-patch+json',
      body: { status },
    });
  }

  async #create(name: string, spec: Record<string, unknown>): Promise<void> {
    const response = await this.#connection.request({
      method: 'POST',
      path: this.#path,
      query: { fieldManager: 'holdfast' },
      body: {
        apiVersion: 'holdfast.dev/v1alpha1',
        kind: 'DriftReport',
        metadata: { name },
        spec,
      },
    });
    if (response.status !== 409) this.#checked(response, `create the DriftReport ${name}`);
  }

  #checked(response: ApiResponse, doing: string): ApiResponse {
    if (response.status < 300) return response;
    const status = statusSchema.safeParse(response.body).data;
    const said = `cannot ${doing}: ${status?.message ?? `the API server answered ${response.status}`}`;
    if (response.status === 404) throw this.#notFound(status?.details?.kind, said);
    if (response.status === 403) throw new Failure('HF1303', said);
    throw new Failure(response.status >= 500 || response.status === 429 ? 'HF1308' : 'HF1306', said);
  }

  #notFound(kind: string | undefined, said: string): Failure {
    if (kind !== 'namespaces') return new Failure('HF1309', said);
    return new Failure('HF1001', `the namespace ${this.#options.namespace} for DriftReports does not exist`);
  }

  #read(item: unknown): StoredPage[] {
    const parsed = driftReportSchema.safeParse(item);
    if (!parsed.success) {
      this.#options.onUnreadable?.(`a DriftReport: ${z.prettifyError(parsed.error)}`);
      return [];
    }
    const { metadata, spec, status } = parsed.data;
    const incidents = this.#readable(status?.incidents, incidentSchema, metadata.name);
    const findings = this.#readable(status?.findings, findingSchema, metadata.name);
    const threads = this.#readable(status?.threads, threadSchema, metadata.name);
    const state = unitState(status, findings as UnitState['findings']);
    return [
      {
        name: metadata.name,
        ...(spec?.unit === undefined ? {} : { unit: spec.unit }),
        ...(spec?.of === undefined ? {} : { page: { of: spec.of, number: spec.page ?? 2 } }),
        ...(state === undefined ? {} : { state }),
        incidents: incidents as StoredReport['incidents'],
        ...(threads.length === 0 ? {} : { threads: threads as Thread[] }),
      },
    ];
  }

  #readable<T>(items: readonly unknown[] | undefined, schema: z.ZodType<T>, name: string): T[] {
    return (items ?? []).flatMap(item => {
      const parsed = schema.safeParse(item);
      if (parsed.success) return [parsed.data];
      this.#options.onUnreadable?.(`an entry of the DriftReport ${name}: ${z.prettifyError(parsed.error)}`);
      return [];
    });
  }
}

function unitState(
  status: z.output<typeof driftReportSchema>['status'],
  findings: UnitState['findings'],
): UnitState | undefined {
  if (status?.driver === undefined || status.verdict === undefined) return undefined;
  return {
    driver: status.driver,
    verdict: status.verdict,
    revision: status.revision ?? null,
    ...(status.tip === undefined ? {} : { tip: status.tip }),
    comparedAt: status.comparedAt ?? '',
    declared: status.declared ?? 0,
    inSync: status.inSync ?? 0,
    findingCount: status.findingCount ?? findings.length,
    findings,
  };
}

import { Cluster } from '../cluster/cluster.ts';
import { Connection } from '../cluster/connection.ts';
import { ruleNotes } from '../compare/rule-notes.ts';
import { bounded } from '../concurrency/bounded.ts';
import type { Declaration } from '../declared/declaration.ts';
import { openDrivers } from '../drivers/open.ts';
import { undriven } from '../drivers/undriven.ts';
import type { Comparison } from '../findings/finding.ts';
import { type ReportFormat, renderReport } from '../report/render.ts';
import { buildReport, exitCodeOf } from '../report/report.ts';
import { wantsColour } from '../report/terminal.ts';
import { chosenUnits, declaredAt } from './declared.ts';

export interface DiffOptions {
  kubeconfig?: string;
  context?: string;
  unit: string[];
  revision?: string;
  environment?: string;
  output: ReportFormat;
  verbose?: boolean;
}

/** `holdfast diff`: compares once and prints the report; resolves to the exit code. Reads and dry-runs only. */
export async function diff(path: string, options: DiffOptions): Promise<number> {
  let connected: Promise<Connection> | undefined;
  const connection = () => {
    connected ??= Connection.open(options);
    return connected;
  };
  // nearly every repository is about a cluster, which can say what it serves while the files are read
  const early = openDrivers(['kubernetes'], { connection }).catch(() => undefined);
  let declaration: Declaration;
  let comparisons: Comparison[];
  try {
    // charts are rendered for the cluster that they are compared with
    const capabilities = async () => {
      const { capabilitiesOf } = await import('../drivers/helm/capabilities.ts');
      return capabilitiesOf(new Cluster(await connection()));
    };
    ({ declaration } = await declaredAt(path, { ...options, capabilities }));
    const units = chosenUnits(declaration, options.unit);
    const names = new Set(units.map(unit => unit.definition.driver));
    const begun = names.has('kubernetes') ? await early : undefined;
    if (begun !== undefined) names.delete('kubernetes');
    const drivers = new Map([...(begun ?? []), ...(await openDrivers(names, { connection }))]);
    comparisons = await bounded(units, 4, async unit => {
      const driver = drivers.get(unit.definition.driver);
      return driver === undefined ? undriven(unit) : await driver.compare(unit, declaration);
    });
  } finally {
    await connected?.then(
      opened => opened.close(),
      () => undefined,
    );
  }
  const comparedAt = new Date().toISOString();
  const notes = ruleNotes(declaration, comparisons, comparedAt.slice(0, 10));
  const report = buildReport({ revision: declaration.revision, comparedAt, comparisons, notes });
  const colour = wantsColour(process.stdout, process.env);
  const text = renderReport(report, options.output, { colour, verbose: options.verbose });
  await new Promise<void>(done => process.stdout.write(text, () => done()));
  return exitCodeOf(report);
}

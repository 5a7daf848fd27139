import { Connection } from '../cluster/connection.ts';
import { ruleNotes } from '../compare/rule-notes.ts';
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
  const { declaration } = await declaredAt(path, options);
  const units = chosenUnits(declaration, options.unit);
  let connected: Promise<Connection> | undefined;
  const connection = () => {
    connected ??= Connection.open(options);
    return connected;
  };
  const comparisons: Comparison[] = [];
  try {
    const drivers = await openDrivers(
      units.map(unit => unit.definition.driver),
      { connection },
    );
    for (const unit of units) {
      const driver = drivers.get(unit.definition.driver);
      comparisons.push(driver === undefined ? undriven(unit) : await driver.compare(unit, declaration));
    }
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

import { Connection } from '../cluster/connection.ts';
import { ruleNotes } from '../compare/rule-notes.ts';
import { kubernetesDriver } from '../drivers/kubernetes/driver.ts';
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
  const connection = await Connection.open(options);
  const driver = kubernetesDriver({ connection });
  const comparisons: Comparison[] = [];
  try {
    for (const unit of units) {
      comparisons.push(
        unit.definition.driver === driver.name ? await driver.compare(unit, declaration) : undriven(unit),
      );
    }
  } finally {
    connection.close();
  }
  const comparedAt = new Date().toISOString();
  const notes = ruleNotes(declaration, comparisons, comparedAt.slice(0, 10));
  const report = buildReport({ revision: declaration.revision, comparedAt, comparisons, notes });
  const colour = wantsColour(process.stdout, process.env);
  const text = renderReport(report, options.output, { colour, verbose: options.verbose });
  await new Promise<void>(done => process.stdout.write(text, () => done()));
  return exitCodeOf(report);
}

import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Declaration } from '../declared/declaration.ts';
import { declare } from '../declared/declare.ts';
import { Connection } from '../drivers/kubernetes/cluster/connection.ts';
import { kubernetesDriver } from '../drivers/kubernetes/driver.ts';
import { undriven } from '../drivers/undriven.ts';
import { Failure } from '../failure/failure.ts';
import type { Comparison } from '../findings/finding.ts';
import { type ReportFormat, renderReport } from '../report/render.ts';
import { buildReport, exitCodeOf } from '../report/report.ts';
import { wantsColour } from '../report/terminal.ts';
import { compareTree } from './tree.ts';

export interface DiffOptions {
  kubeconfig?: string;
  context?: string;
  unit: string[];
  revision?: string;
  environment?: string;
  output: ReportFormat;
}

/** `holdfast diff`: compares once and prints the report; resolves to the exit code. Reads and dry-runs only. */
export async function diff(path: string, options: DiffOptions): Promise<number> {
  const declaration = await declared(path, options);
  const units = chosen(declaration, options.unit);
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
  const report = buildReport({
    revision: declaration.revision,
    comparedAt: new Date().toISOString(),
    comparisons,
  });
  const text = renderReport(report, options.output, { colour: wantsColour(process.stdout, process.env) });
  await new Promise<void>(done => process.stdout.write(text, () => done()));
  return exitCodeOf(report);
}

async function declared(path: string, { revision, environment }: DiffOptions): Promise<Declaration> {
  const root = resolve(path);
  const status = statSync(root, { throwIfNoEntry: false });
  if (status === undefined)
    throw new Failure('HF1105', 'there is no such file or folder', { where: { file: path } });
  const name = basename(root).replace(/\.(ya?ml|json)$/, '');
  const { tree, folder } = await compareTree(root, revision);
  const declaration = await declare(tree, { name, environment, folder });
  if (declaration.units.every(isEmpty)) {
    const what = 'nothing is declared there: no Kubernetes object, chart, stack, module or playbook';
    throw new Failure('HF1105', what, { where: { file: path } });
  }
  return declaration;
}

/** A wrong path must not read as in sync. */
function isEmpty({ definition, objects, findings }: Declaration['units'][number]): boolean {
  return definition.driver === 'kubernetes' && objects.length === 0 && findings.length === 0;
}

function chosen({ units }: Declaration, names: readonly string[]): Declaration['units'] {
  const unknown = names.filter(name => !units.some(unit => unit.definition.name === name));
  if (unknown.length > 0) {
    const known = units.map(unit => unit.definition.name).join(', ') || 'none';
    throw new Failure('HF1006', `there is no unit ${unknown.join(', ')}; declared are: ${known}`);
  }
  return names.length === 0 ? units : units.filter(unit => names.includes(unit.definition.name));
}

import { resolve } from 'node:path';
import { declare } from '../declared/declare.ts';
import { folderTree } from '../declared/folder.ts';
import { defaultCapabilities } from '../declared/helm/capabilities.ts';
import type { SourceTree } from '../declared/tree.ts';
import type { JsonObject } from '../json/json.ts';
import { type ReportFormat, renderReport } from '../report/render.ts';
import { buildReport, exitCodeOf } from '../report/report.ts';
import { wantsColour } from '../report/terminal.ts';
import { definitionsIn } from '../validate/definitions.ts';
import { linesOf } from '../validate/lines.ts';
import { shippedPack } from '../validate/pack/pack.ts';
import { type LinesIn, validate as validateUnits } from '../validate/validate.ts';
import { minorOf } from '../validate/version.ts';
import { chosenUnits, declaredAt } from './declared.ts';

export interface ValidateCommandOptions {
  unit: string[];
  revision?: string;
  environment?: string;
  kubernetesVersion?: string;
  crds: string[];
  ignoreUnknownKinds?: boolean;
  output: ReportFormat;
}

/** `holdfast validate`: judges the declarations alone and prints the report; resolves to the exit code. Asks no cluster. */
export async function validate(path: string, options: ValidateCommandOptions): Promise<number> {
  const pack = shippedPack();
  const minor = minorOf(options.kubernetesVersion ?? pack.version);
  const { tree, declaration } = await declaredAt(path, {
    ...options,
    capabilities: async () => ({ ...defaultCapabilities, kubernetesVersion: `v1.${minor}.0` }),
  });
  const comparisons = await validateUnits(
    declaration,
    chosenUnits(declaration, options.unit),
    linesIn(tree),
    {
      pack,
      minor,
      definitions: [...(await definitionsIn(tree)), ...(await furtherDefinitions(options.crds))],
      ignoreUnknownKinds: options.ignoreUnknownKinds === true,
    },
  );
  const report = buildReport({
    revision: declaration.revision,
    comparedAt: new Date().toISOString(),
    comparisons,
    kubernetesVersion: `1.${minor}`,
  });
  const text = renderReport(report, options.output, { colour: wantsColour(process.stdout, process.env) });
  await new Promise<void>(done => process.stdout.write(text, () => done()));
  return exitCodeOf(report);
}

function linesIn(tree: SourceTree): LinesIn {
  return async file => {
    const bytes = (await tree.read([file]).catch(() => undefined))?.get(file);
    return bytes === undefined ? undefined : linesOf(bytes);
  };
}

/** The definitions of `--crds`: files or folders, of which everything else is passed over. */
async function furtherDefinitions(paths: readonly string[]): Promise<JsonObject[]> {
  const found: JsonObject[] = [];
  for (const path of paths) {
    const tree = await folderTree(resolve(path));
    const { units } = await declare(tree);
    found.push(
      ...units.flatMap(unit => unit.objects.map(({ object }) => object)),
      ...(await definitionsIn(tree)),
    );
  }
  return found;
}

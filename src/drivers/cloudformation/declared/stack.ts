import type { DeclaredUnit } from '../../../declared/declaration.ts';
import type { StackSettings } from '../../../declared/stack-settings.ts';
import { baseName, isManifest, normalFolder } from '../../../declared/units/paths.ts';
import { quoted } from '../../../declared/yaml/problem.ts';
import { Failure } from '../../../failure/failure.ts';
import { readTemplate, type Template } from '../template/template.ts';
import { type Deployment, readDeployment } from './deployment.ts';

/** A stack as the repository declares it. */
export interface DeclaredStack {
  unit: string;
  name: string;
  region: string;
  settings: StackSettings;
  deployment: Deployment;
  templatePath: string;
  template: Template;
}

/** The one required key of a deployment file, by which it is told from templates and settings. */
const deploymentKey = /^\s*["']?template-file-path["']?\s*:/m;

/**
 * Reads what a unit declares: its deployment file and template. Throws HF1903 when there is none or it is wrong, HF1901 and
 * HF1902 for the first thing that CloudFormation would refuse in the template, all with file and line.
 */
export async function declaredStack(
  unit: DeclaredUnit,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<DeclaredStack> {
  const { definition, sources } = unit;
  const settings = definition.cloudformation ?? {};
  if (sources === undefined)
    throw new Failure('HF1903', 'there is no file', { where: { file: definition.path } });
  const deployment = await deploymentOf(unit, settings);
  const templatePath = pathFrom(deployment.templatePath);
  const file = sources.tree.files.find(({ path }) => path === templatePath);
  if (file === undefined) {
    const what = `the template ${quoted(deployment.templatePath)} is not in the repository; the path counts from its root`;
    throw new Failure('HF1903', what, {
      where: { file: deployment.file, line: deployment.lineOf(['template-file-path']) },
    });
  }
  const bytes = (await sources.tree.read([file.path])).get(file.path) ?? Buffer.alloc(0);
  const template = readTemplate(bytes);
  const wrong = template.problems.find(({ remark }) => remark !== true);
  if (wrong !== undefined)
    throw new Failure(wrong.code, wrong.message, { where: { file: file.path, line: wrong.line } });
  const place = placeIn(deployment.file);
  const region =
    settings.region ?? place?.region ?? environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'];
  if (region === undefined)
    throw new Failure(
      'HF1903',
      'no region is named: set `cloudformation.region` of the unit, or AWS_REGION',
      {
        where: { file: deployment.file },
      },
    );
  const account = settings.account ?? place?.account;
  return {
    unit: definition.name,
    name: settings.stack ?? place?.stack ?? stackName(unit),
    region,
    settings: { ...settings, ...(account === undefined ? {} : { account }) },
    deployment,
    templatePath: file.path,
    template,
  };
}

async function deploymentOf(unit: DeclaredUnit, settings: StackSettings): Promise<Deployment> {
  const { tree, files } = unit.sources ?? { tree: undefined, files: [] };
  const wanted = settings.deployment === undefined ? undefined : pathFrom(settings.deployment);
  const candidates =
    wanted === undefined
      ? files.filter(({ path }) => isManifest(path))
      : (tree?.files ?? []).filter(({ path }) => path === wanted);
  const contents = (await tree?.read(candidates.map(({ path }) => path))) ?? new Map<string, Buffer>();
  const found = [...contents].filter(
    ([path, bytes]) => path === wanted || deploymentKey.test(bytes.toString('utf8')),
  );
  const [only] = found;
  if (only === undefined || found.length > 1) {
    const what =
      only === undefined
        ? `there is no deployment file ${wanted === undefined ? 'in the folder' : quoted(wanted)}`
        : `there are several deployment files (${found.map(([path]) => path).join(', ')}): name one in \`cloudformation.deployment\` of each unit`;
    throw new Failure('HF1903', what, { where: { file: unit.definition.path } });
  }
  return readDeployment(only[0], only[1]);
}

/** A path from the root of the repository, with or without a slash in front; undefined when it leads out. */
function pathFrom(path: string): string | undefined {
  return normalFolder(path.replace(/^\/+/, ''));
}

/** `…/ACCOUNT/REGION/STACK.yaml` says where the stack is and what it is called. */
function placeIn(file: string): { account: string; region: string; stack: string } | undefined {
  const found = /(?:^|\/)(\d{12})\/([a-z]{2}(?:-[a-z]+)+-\d)\/([A-Za-z][A-Za-z0-9-]{0,127})\.ya?ml$/.exec(
    file,
  );
  if (found === null) return undefined;
  const [, account = '', region = '', stack = ''] = found;
  return { account, region, stack };
}

function stackName(unit: DeclaredUnit): string {
  const { path, name } = unit.definition;
  const folder = isManifest(path)
    ? baseName(path).replace(/\.ya?ml$/, '')
    : baseName(path === '.' ? name : path);
  return /^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(folder) ? folder : name;
}

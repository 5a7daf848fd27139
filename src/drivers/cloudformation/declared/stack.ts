import type { DeclaredUnit } from '../../../declared/declaration.ts';
import type { StackSettings } from '../../../declared/settings/stack.ts';
import { baseName, isManifest, normalFolder } from '../../../declared/units/paths.ts';
import { quoted } from '../../../declared/yaml/problem.ts';
import { Failure } from '../../../failure/failure.ts';
import { readTemplate, type Template } from '../template/template.ts';
import { type Deployment, readDeployment } from './deployment.ts';
import { type NestedTemplates, nestedTemplates } from './nested.ts';

/** A stack as the repository declares it. */
export interface DeclaredStack {
  unit: string;
  name: string;
  region: string;
  settings: StackSettings;
  deployment: Deployment;
  templatePath: string;
  template: Template;
  /** The templates that it nests by their paths. */
  nested: NestedTemplates;
}

/** The one required key of a deployment file, by which it is told from templates and settings. */
const deploymentKey = /^\s*["']?template-file-path["']?\s*:/m;

/** What the files of a unit say of its stack, wherever that is. */
export type StackFiles = Pick<DeclaredStack, 'deployment' | 'templatePath' | 'template' | 'nested'>;

/**
 * Reads what a unit declares, and where the stack is. Throws as `stackFiles` does, and HF1903 when no region is named.
 */
export async function declaredStack(
  unit: DeclaredUnit,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<DeclaredStack> {
  const files = await stackFiles(unit);
  const { name, settings, region: named } = declaredPlace(unit, files.deployment);
  const region = named ?? environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'];
  if (region === undefined)
    throw new Failure(
      'HF1903',
      'no region is named: set `cloudformation.region` of the unit, or AWS_REGION',
      {
        where: { file: files.deployment.file },
      },
    );
  return { unit: unit.definition.name, name, region, settings, ...files };
}

/**
 * Reads the deployment file and the template of a unit. Throws HF1903 when there is none or it is wrong, HF1901 and HF1902 for the
 * first thing that CloudFormation would refuse in the template, all with file and line.
 */
export async function stackFiles(unit: DeclaredUnit): Promise<StackFiles> {
  const { definition, sources } = unit;
  if (sources === undefined)
    throw new Failure('HF1903', 'there is no file', { where: { file: definition.path } });
  const deployment = await deploymentOf(unit, definition.cloudformation ?? {});
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
  const nested = await nestedTemplates(sources.tree, file.path, template);
  return { deployment, templatePath: file.path, template, nested };
}

/** The name of the stack, and where it is as far as the repository says. */
export function declaredPlace(
  unit: DeclaredUnit,
  deployment: Deployment,
): { name: string; region: string | undefined; settings: StackSettings } {
  const settings = unit.definition.cloudformation ?? {};
  const place = placeIn(deployment.file);
  const account = settings.account ?? place?.account;
  return {
    name: settings.stack ?? place?.stack ?? stackName(unit),
    region: settings.region ?? place?.region,
    settings: { ...settings, ...(account === undefined ? {} : { account }) },
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

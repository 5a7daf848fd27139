import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Failure } from '../../src/failure/failure.ts';
import { provideTools } from '../tools/provide.ts';

/** Terraform or OpenTofu as somebody installed it, and what its environment must say so that it finds the AWS provider. */
export interface InstalledTerraform {
  program: string;
  environment: Record<string, string>;
}

const provider = join('registry.terraform.io', 'hashicorp', 'aws');

/** As `findTerraform`; where neither program is installed, OpenTofu is built from its pinned sources. */
export async function provideTerraform(folder: string): Promise<InstalledTerraform> {
  const { env } = process;
  if (programOf(env) !== undefined) return findTerraform(folder, env);
  const { tofu } = await provideTools(['tofu']);
  return findTerraform(folder, { ...env, HOLDFAST_TERRAFORM: tofu });
}

/**
 * Finds the program (HOLDFAST_TERRAFORM, or `terraform` or `tofu` on PATH) and a filesystem mirror with the AWS provider
 * (HOLDFAST_TF_PLUGINS, or where such mirrors usually are); without a mirror the program asks the registry by itself.
 * `folder` takes the configuration that names the mirror. Throws HF1003 when there is no program.
 */
export function findTerraform(folder: string, env: NodeJS.ProcessEnv = process.env): InstalledTerraform {
  const program = programOf(env);
  if (program === undefined || !existsSync(program)) {
    throw new Failure(
      'HF1003',
      'there is neither terraform nor tofu on PATH: install one, or name it in HOLDFAST_TERRAFORM',
    );
  }
  const file = join(folder, 'terraform.rc');
  writeFileSync(file, cliConfiguration(forBoth(folder, findMirror(env))));
  return {
    program,
    environment: {
      TF_CLI_CONFIG_FILE: file,
      ...(env['TF_PLUGIN_CACHE_DIR'] === undefined
        ? {}
        : { TF_PLUGIN_CACHE_DIR: env['TF_PLUGIN_CACHE_DIR'] }),
    },
  };
}

function programOf(env: NodeJS.ProcessEnv): string | undefined {
  return env['HOLDFAST_TERRAFORM'] ?? onPath(['terraform', 'tofu'], env);
}

function onPath(names: readonly string[], env: NodeJS.ProcessEnv): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter).filter(folder => folder.startsWith('/'));
  return names.flatMap(name => folders.map(folder => join(folder, name))).find(file => existsSync(file));
}

function findMirror(env: NodeJS.ProcessEnv): string | undefined {
  const named = env['HOLDFAST_TF_PLUGINS'];
  if (named !== undefined && named !== '') {
    if (!existsSync(join(named, provider)))
      throw new Failure('HF1003', 'HOLDFAST_TF_PLUGINS names a folder without the provider hashicorp/aws', {
        where: { file: named },
      });
    return named;
  }
  const places = [
    ...['/opt', '/usr/share', '/usr/local/share'].flatMap(base => [
      join(base, 'tf-plugins'),
      join(base, 'terraform', 'plugins'),
    ]),
    join(homedir(), '.terraform.d', 'plugins'),
  ];
  return places.find(place => existsSync(join(place, provider)));
}

/** The mirror under the names of both registries: OpenTofu looks for providers below that of its own, and follows a link only to a package. */
function forBoth(folder: string, mirror: string | undefined): string | undefined {
  if (mirror === undefined) return undefined;
  const both = join(folder, 'mirror');
  for (const registry of ['registry.terraform.io', 'registry.opentofu.org'])
    for (const version of readdirSync(join(mirror, provider))) {
      const of = join(provider.replace('registry.terraform.io', registry), version);
      mkdirSync(join(both, of), { recursive: true });
      for (const platform of readdirSync(join(mirror, provider, version))) {
        const link = join(both, of, platform);
        if (!existsSync(link)) symlinkSync(join(mirror, provider, version, platform), link);
      }
    }
  return both;
}

function cliConfiguration(mirror: string | undefined): string {
  if (mirror === undefined) return 'disable_checkpoint = true\n';
  return `disable_checkpoint = true
provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ["hashicorp/*"]
  }
  direct {
    exclude = ["hashicorp/*"]
  }
}
`;
}

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Moto, startMoto } from '../../../../sandbox/aws/moto.ts';
import { provideTerraform } from '../../../../sandbox/aws/terraform.ts';
import { runCommand } from '../../../../sandbox/processes/run.ts';
import type { Declaration, DeclaredUnit } from '../../../../src/declared/declaration.ts';
import { declare } from '../../../../src/declared/declare.ts';
import { folderTree } from '../../../../src/declared/folder.ts';
import type { Driver } from '../../../../src/drivers/driver.ts';
import { terraformDriver } from '../../../../src/drivers/terraform/driver.ts';

/** Real Terraform with the AWS provider against a moto of the test's own. */
export interface TerraformBench {
  moto: Moto;
  driver: Driver;
  /** What the processes of Holdfast need in their environment. */
  environment: Record<string, string>;
  /** The provider's versions and hashes for this platform. */
  lockFile: string;
  /** The one Terraform unit of a repository with these files; the lock file is added. */
  unit(files: Record<string, string>): Promise<[DeclaredUnit, Declaration]>;
  close(): Promise<void>;
}

export async function terraformBench(): Promise<TerraformBench> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-terraform-test-'));
  const moto = await startMoto();
  const { program, environment: found } = await provideTerraform(folder);
  const environment = {
    ...moto.environment,
    ...found,
    HOLDFAST_TERRAFORM: program,
    PATH: process.env['PATH'] ?? '',
  };
  await moto.s3('PUT', 'state');
  const lockFile = await lockFileFor(folder, program, environment);
  return {
    moto,
    driver: terraformDriver({ environment }),
    environment,
    lockFile,
    async unit(files) {
      const root = mkdtempSync(join(folder, 'repository-'));
      for (const [path, text] of Object.entries({
        [`${unitFolder}/.terraform.lock.hcl`]: lockFile,
        ...files,
      })) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      }
      const declaration = await declare(await folderTree(root));
      const unit = declaration.units.find(({ definition }) => definition.driver === 'terraform');
      if (unit === undefined) throw new Error('there is no Terraform unit');
      return [unit, declaration];
    },
    async close() {
      await moto.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const unitFolder = 'infra-state/storage';

/** The settings of a module whose state is in moto, under a key of its own. */
export function settingsWith(key: string): string {
  return `terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
  backend "s3" {
    bucket       = "state"
    key          = "${key}"
    region       = "us-east-1"
    use_lockfile = true
  }
}
provider "aws" {
  region = "us-east-1"
}
`;
}

/** The folders in memory of this process that are there now. */
export function memoryFolders(): string[] {
  return readdirSync('/dev/shm')
    .filter(name => name.startsWith(`holdfast-run-${process.pid}-`))
    .map(name => join('/dev/shm', name));
}

/** The Terraform that a driver of this process runs at present. */
export function runningTerraform(): number | undefined {
  for (const folder of memoryFolders()) {
    try {
      const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
      if (process.kill(pid, 0)) return pid;
    } catch {
      // It has ended.
    }
  }
  return undefined;
}

async function lockFileFor(
  folder: string,
  program: string,
  environment: Record<string, string>,
): Promise<string> {
  const module = join(folder, 'lock');
  mkdirSync(module);
  writeFileSync(join(module, 'main.tf'), settingsWith('none'));
  const { code, stderr, stdout } = await runCommand(
    program,
    ['init', '-backend=false', '-input=false', '-no-color'],
    {
      cwd: module,
      env: { ...environment, HOME: folder },
      timeoutMs: 300_000,
    },
  );
  if (code !== 0)
    throw new Error(
      `the AWS provider cannot be had, neither from a filesystem mirror (HOLDFAST_TF_PLUGINS) nor from the network: ${stderr}${stdout}`,
    );
  return readFileSync(join(module, '.terraform.lock.hcl'), 'utf8');
}

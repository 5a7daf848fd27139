import semver from 'semver';
import { runCommand } from '../processes/run.ts';
import type { ToolName } from './catalogue.ts';

interface VersionRule {
  args: readonly string[];
  /** Finds the version in what the program prints. */
  pattern: RegExp;
  /** The releases that do the same as ours. */
  range: string;
}

/**
 * What is asked of a program that somebody else installed. The range of kubectl is Kubernetes' own rule of skew: one
 * minor version on either side of the API server. A program that tells no version (moto_server) has no rule, and only ours is used.
 */
const rules: Readonly<Partial<Record<ToolName, VersionRule>>> = {
  etcd: { args: ['--version'], pattern: /etcd Version:\s*(\S+)/, range: '~3.5.0 || ~3.6.0' },
  'kube-apiserver': { args: ['--version'], pattern: /Kubernetes v(\S+)/, range: '~1.34.0' },
  'kube-controller-manager': { args: ['--version'], pattern: /Kubernetes v(\S+)/, range: '~1.34.0' },
  'kube-scheduler': { args: ['--version'], pattern: /Kubernetes v(\S+)/, range: '~1.34.0' },
  kubectl: {
    args: ['version', '--client', '-o', 'json'],
    pattern: /"gitVersion":\s*"v([^"]+)"/,
    range: '>=1.33.0 <1.36.0',
  },
  kwok: { args: ['--version'], pattern: /kwok version v(\S+)/, range: '~0.7.0' },
  helm: { args: ['version', '--short'], pattern: /^v(\S+)/, range: '>=3.18.0 <4.0.0' },
  helm4: { args: ['version', '--short'], pattern: /^v(\S+)/, range: '~4.3.0' },
  gitea: { args: ['--version'], pattern: /gitea version (\S+)/i, range: '~1.26.0' },
  'ansible-playbook': {
    args: ['--version'],
    pattern: /\[core ([^\]\s]+)\]/,
    range: '>=2.17.0 <2.20.0',
  },
};

/** The version in what a program printed about itself, or undefined. */
export function readVersion(tool: ToolName, printed: string): string | undefined {
  return semver.valid(rules[tool]?.pattern.exec(printed.slice(0, 10_000))?.[1]) ?? undefined;
}

/** Whether this version may take the place of ours. Pre-releases and wrappers (`1.34.2-something`) may not. */
export function isAcceptable(tool: ToolName, version: string): boolean {
  const rule = rules[tool];
  return rule !== undefined && semver.prerelease(version) === null && semver.satisfies(version, rule.range);
}

/** Runs a program to learn whether it is a version that may take the place of ours. */
export async function hasAcceptableVersion(tool: ToolName, program: string): Promise<boolean> {
  const rule = rules[tool];
  if (rule === undefined) return false;
  const { code, stdout } = await runCommand(program, rule.args, { timeoutMs: 5_000 });
  const version = code === 0 ? readVersion(tool, stdout) : undefined;
  return version !== undefined && isAcceptable(tool, version);
}

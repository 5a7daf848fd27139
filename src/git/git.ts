import { GitPluginError, type SimpleGitOptions, simpleGit } from 'simple-git';
import type { GitTrouble } from './trouble.ts';

export interface GitAnswer {
  exitCode: number;
  stdout: string;
}

/** Thrown for an exit that was not expected; callers turn it into a Failure in the words of what they were doing. */
export class GitExit extends Error implements GitTrouble {
  readonly exitCode: number | null;
  readonly stderr: string;

  constructor(exitCode: number | null, stderr: string) {
    super('git ended with an error');
    this.name = 'GitExit';
    this.exitCode = exitCode;
    this.stderr = stderr;
  }
}

/** simple-git guards its callers from these; here each value is ours, none comes from a repository or a person. */
const unsafe: NonNullable<SimpleGitOptions['unsafe']> = {
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeHooksPath: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeSshCommand: true,
};

/** Runs git in one folder with one environment, which is all that a process gets. */
export class Git {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;

  constructor(folder: string, environment: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.environment = environment;
  }

  /**
   * Runs one command. Exit codes other than those of `expected` throw a GitExit. What comes from outside must stand after
   * `--end-of-options` or be a checked SHA.
   */
  async run(
    args: readonly string[],
    expected: readonly number[] = [0],
    timeoutMs = 60_000,
  ): Promise<GitAnswer> {
    let exitCode = 0;
    let trouble: GitExit | undefined;
    const abort = AbortSignal.timeout(timeoutMs);
    const git = simpleGit({
      baseDir: this.folder,
      abort,
      allowEnvironment: Object.keys(this.environment),
      completion: { onClose: true, onExit: false },
      errors: (error, result) => {
        exitCode = result.exitCode;
        if (error instanceof GitPluginError || (error instanceof Error && exitCode < 0)) return error;
        if (expected.includes(exitCode)) return undefined;
        trouble = new GitExit(exitCode, Buffer.concat(result.stdErr).toString('utf8'));
        return trouble;
      },
      unsafe,
    }).env({ ...this.environment });
    try {
      return { stdout: await Promise.race([git.raw([...args]), givenUp(abort)]), exitCode };
    } catch (error) {
      if (trouble !== undefined) throw trouble;
      if (abort.aborted) throw new GitExit(null, '');
      throw new GitExit(-1, error instanceof Error ? error.message : String(error));
    }
  }
}

/** Rejects a moment after git was told to stop: a helper of git may hold its output open for longer. */
function givenUp(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const giveUp = () => setTimeout(() => reject(new GitExit(null, '')), 1_000).unref();
    signal.addEventListener('abort', giveUp, { once: true });
  });
}

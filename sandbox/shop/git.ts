import { Failure } from '../../src/failure/failure.ts';
import { runCommand } from '../processes/run.ts';

/** Runs git in a folder as nobody in particular: the settings of whoever runs us do not matter. Returns what it prints. */
export async function git(folder: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runCommand('git', ['-C', folder, ...args], {
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      LC_ALL: 'C',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
      GIT_AUTHOR_NAME: 'Shop',
      GIT_AUTHOR_EMAIL: 'shop@sandbox.invalid',
      GIT_COMMITTER_NAME: 'Shop',
      GIT_COMMITTER_EMAIL: 'shop@sandbox.invalid',
    },
  });
  if (code !== 0)
    throw new Failure('HF1004', `git ${args[0]} ended with ${code}: ${withoutUserinfo(stderr.trim())}`);
  return stdout.trim();
}

function withoutUserinfo(text: string): string {
  return text.replaceAll(/\/\/[^@/\s]+@/g, '//');
}

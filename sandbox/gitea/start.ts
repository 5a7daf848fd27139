import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { Failure } from '../../src/failure/failure.ts';
import { onFreePort } from '../processes/ports.ts';
import { untilReady } from '../processes/ready.ts';
import { runCommand } from '../processes/run.ts';
import type { Supervised } from '../processes/supervise.ts';
import { openWorkplace, type Workplace } from '../processes/workplace.ts';
import { provideTools } from '../tools/provide.ts';
import { askGitea, byToken, type GiteaAnswer } from './api.ts';
import { currentUser, giteaIni } from './configuration.ts';
import { createGiteaUser, type GiteaUser, newGiteaUser } from './users.ts';

/** A running Gitea. It ends with `stop`, or with our process. */
export interface Gitea {
  /** `http://127.0.0.1:PORT`, no slash at the end; the same over `kill` and `startAgain`. */
  readonly url: string;
  readonly admin: GiteaUser;
  readonly adminToken: string;
  readonly dataDir: string;
  /** Makes a user with a token. */
  createUser(name: string): Promise<GiteaUser>;
  /** One API request, as the administrator unless another token is given; any status is an answer. `path` is below `/api/v1`. */
  api(method: string, path: string, body?: unknown, token?: string): Promise<GiteaAnswer>;
  /** The URL for `git` with the token in it: a secret, for child processes and tests only. */
  cloneUrl(repository: string, user: GiteaUser): string;
  /** SIGKILL; it stays away until `startAgain`. */
  kill(): Promise<void>;
  startAgain(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts an empty Gitea with one administrator on a free port, and resolves when its API answers. On any error nothing is left running. */
export async function startGitea(): Promise<Gitea> {
  const { gitea: program } = await provideTools(['gitea']);
  const workplace = openWorkplace('gitea');
  try {
    return await startIn(workplace, program);
  } catch (error) {
    await workplace.close();
    throw error;
  }
}

async function startIn(workplace: Workplace, program: string): Promise<Gitea> {
  mkdirSync(workplace.path('work'));
  const ini = workplace.path('app.ini');
  const secrets = {
    secretKey: randomBytes(32).toString('hex'),
    internalToken: await command(workplace, program, ['generate', 'secret', 'INTERNAL_TOKEN']),
    jwtSecret: randomBytes(32).toString('base64url'),
  };
  const configure = (port: number) =>
    writeFileSync(ini, giteaIni({ workFolder: workplace.path('work'), port, program, ...secrets }), {
      mode: 0o600,
    });
  // The port is not yet used: the database and the administrator are made before the server starts.
  configure(1);
  await command(workplace, program, ['-c', ini, 'migrate']);
  const admin = await createAdmin(workplace, program, ini);
  const server = await onFreePort(async port => {
    configure(port);
    const url = `http://127.0.0.1:${port}`;
    return { url, part: await startServer(workplace, program, ini, url, admin) };
  });
  return giteaAt(workplace, server, admin, url => startServer(workplace, program, ini, url, admin));
}

function giteaAt(
  workplace: Workplace,
  server: { url: string; part: Supervised },
  admin: GiteaUser,
  start: (url: string) => Promise<Supervised>,
): Gitea {
  const { url } = server;
  return {
    url,
    admin,
    adminToken: admin.token,
    dataDir: workplace.dir,
    createUser: name => createGiteaUser(url, admin.token, name),
    api: (method, path, body, token = admin.token) => askGitea(url, byToken(token), method, path, body),
    cloneUrl: (repository, user) =>
      `${url.replace('://', `://${user.name}:${user.token}@`)}/${repository}.git`,
    kill: () => server.part.kill(),
    startAgain: async () => {
      if (!server.part.running()) server.part = await start(url);
    },
    stop: () => workplace.close(),
  };
}

/** Ready is when it knows our administrator: another Gitea that has taken the port would not. */
async function startServer(
  workplace: Workplace,
  program: string,
  ini: string,
  url: string,
  admin: GiteaUser,
): Promise<Supervised> {
  const part = workplace.start('gitea', program, ['-c', ini, 'web'], gitEnvironment(workplace));
  await untilReady(
    part,
    async () => (await askGitea(url, byToken(admin.token), 'GET', '/user')).status === 200,
  );
  return part;
}

async function createAdmin(workplace: Workplace, program: string, ini: string): Promise<GiteaUser> {
  const user = newGiteaUser('sandbox-admin');
  const printed = await command(workplace, program, [
    ...[
      '-c',
      ini,
      'admin',
      'user',
      'create',
      '--admin',
      '--username',
      user.name,
      '--password',
      user.password,
    ],
    ...[
      '--email',
      user.email,
      '--must-change-password=false',
      '--access-token',
      '--access-token-scopes',
      'all',
    ],
  ]);
  const token = /\b[0-9a-f]{40}\b/.exec(printed)?.[0];
  if (token === undefined) throw new Failure('HF1004', 'gitea made an administrator but told no token');
  return { ...user, token };
}

async function command(workplace: Workplace, program: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCommand(program, args, {
    env: gitEnvironment(workplace),
    cwd: workplace.dir,
  });
  // The arguments hold a password; of what it printed only the last line is told, which is Gitea's own message.
  if (code !== 0) {
    const message = `${stderr.startsWith('Command failed') ? '' : stderr}\n${stdout}`
      .trim()
      .split('\n')
      .at(-1);
    throw new Failure('HF1004', `a gitea command ended with ${code}: ${message ?? ''}`);
  }
  return stdout.trim();
}

/** A clean environment: the Git settings of whoever runs us must not change what Gitea's own Git does. */
function gitEnvironment(workplace: Workplace): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: workplace.dir,
    GIT_CONFIG_NOSYSTEM: '1',
    USER: currentUser(),
  };
}

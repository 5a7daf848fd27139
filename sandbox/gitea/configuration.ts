import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';

/** What a Gitea's `app.ini` is made of. */
export interface GiteaConfiguration {
  workFolder: string;
  port: number;
  program: string;
  secretKey: string;
  internalToken: string;
  jwtSecret: string;
}

/** The text of `app.ini`: SQLite, HTTP on 127.0.0.1 only, no SSH, no mail, no background jobs, webhooks to this machine. */
export function giteaIni(configuration: GiteaConfiguration): string {
  const { workFolder, port, program } = configuration;
  const sections: Record<string, Record<string, string>> = {
    '': {
      RUN_MODE: 'prod',
      RUN_USER: currentUser(),
      WORK_PATH: workFolder,
      // Gitea refuses to run as root, which is all that some containers have.
      ...(process.getuid?.() === 0 ? { I_AM_BEING_UNSAFE_RUNNING_AS_ROOT: 'true' } : {}),
    },
    server: {
      PROTOCOL: 'http',
      HTTP_ADDR: '127.0.0.1',
      HTTP_PORT: String(port),
      ROOT_URL: `http://127.0.0.1:${port}/`,
      DISABLE_SSH: 'true',
      OFFLINE_MODE: 'true',
      LFS_START_SERVER: 'false',
      ...staticRoot(program),
    },
    database: { DB_TYPE: 'sqlite3', PATH: join(workFolder, 'gitea.db') },
    security: {
      INSTALL_LOCK: 'true',
      SECRET_KEY: configuration.secretKey,
      INTERNAL_TOKEN: configuration.internalToken,
      // Passwords here are random and short-lived: a costly hash would only slow the tests down.
      PASSWORD_HASH_ALGO: 'pbkdf2$1000$50',
    },
    oauth2: { JWT_SECRET: configuration.jwtSecret },
    service: { DISABLE_REGISTRATION: 'true' },
    repository: { DEFAULT_BRANCH: 'main' },
    webhook: { ALLOWED_HOST_LIST: 'loopback' },
    indexer: { ISSUE_INDEXER_TYPE: 'db' },
    queue: { TYPE: 'level' },
    cron: { ENABLED: 'false' },
    actions: { ENABLED: 'false' },
    packages: { ENABLED: 'false' },
    mailer: { ENABLED: 'false' },
    log: { MODE: 'file', LEVEL: 'warn', ROOT_PATH: join(workFolder, 'log') },
  };
  return Object.entries(sections).map(writeSection).join('\n');
}

function writeSection([name, values]: [string, Record<string, string>]): string {
  const lines = Object.entries(values).map(([key, value]) => `${key} = ${value}\n`);
  return `${name === '' ? '' : `[${name}]\n`}${lines.join('')}`;
}

/** Releases carry their templates inside; a Gitea that was built from its module has them in `static` beside it. */
function staticRoot(program: string): Record<string, string> {
  const folder = join(dirname(program), 'static');
  return existsSync(folder) ? { STATIC_ROOT_PATH: folder } : {};
}

/** The name that Gitea compares with who it runs as. A numeric user without a name has what its environment says. */
export function currentUser(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env['USER'] ?? process.env['LOGNAME'] ?? String(process.getuid?.() ?? 'git');
  }
}

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { Failure } from '../../src/failure/failure.ts';

/** Someone who may talk to the API server by a token; what they may do is left to RBAC. */
export interface SandboxUser {
  name: string;
  groups?: readonly string[];
}

/** The administrator that each control plane has: group `system:masters`, which RBAC always allows everything. */
export const ADMIN: SandboxUser = { name: 'sandbox-admin', groups: ['system:masters'] };

/** Makes a random token for each user and writes the API server's static token file. Returns the tokens by user name. */
export function writeTokens(file: string, users: readonly SandboxUser[]): Map<string, string> {
  const tokens = new Map<string, string>();
  const lines = users.map(({ name, groups = [] }, index) => {
    for (const field of [name, ...groups]) {
      if (!/^[A-Za-z0-9:._@-]+$/.test(field))
        throw new Failure('HF1004', 'not a user or group name', { where: { subject: field } });
    }
    if (tokens.has(name)) throw new Failure('HF1004', 'a user is named twice', { where: { subject: name } });
    const token = randomBytes(24).toString('base64url');
    tokens.set(name, token);
    return `${token},${name},${index + 1},"${groups.join(',')}"`;
  });
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return tokens;
}

/** Writes the key pair that signs service account tokens. */
export function writeServiceAccountKeys(privateFile: string, publicFile: string): void {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  writeFileSync(privateFile, privateKey, { mode: 0o600 });
  writeFileSync(publicFile, publicKey);
}

/** Writes a kubeconfig with one context, `sandbox`, that holds the token: the file is for its owner alone. */
export function writeKubeconfig(
  file: string,
  options: { server: string; caFile: string; user: string; token: string },
): void {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'sandbox',
    clusters: [
      {
        name: 'sandbox',
        cluster: {
          server: options.server,
          'certificate-authority-data': readFileSync(options.caFile).toString('base64'),
        },
      },
    ],
    users: [{ name: options.user, user: { token: options.token } }],
    contexts: [
      { name: 'sandbox', context: { cluster: 'sandbox', user: options.user, namespace: 'default' } },
    ],
  };
  writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
}

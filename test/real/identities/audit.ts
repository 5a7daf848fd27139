import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Workplace } from '../../../sandbox/processes/workplace.ts';
import { waitUntil } from '../support/wait-until.ts';

/** What an account asked the API server for, as the server itself wrote it down. */
export interface Asked {
  verb: string;
  group: string;
  /** With its subresource: `syncs/status`; empty for a path that is no resource. */
  resource: string;
  namespace: string;
  name: string;
  path: string;
  status: number;
}

/** The audit log of a control plane of the test’s own. */
export interface AuditLog {
  /** Arguments of kube-apiserver that turn it on. */
  readonly args: string[];
  /** All that an account asked for so far. The server writes with the answer, so what was answered is in it. */
  by(username: string): Promise<Asked[]>;
}

const entrySchema = z.looseObject({
  verb: z.string(),
  requestURI: z.string(),
  user: z.looseObject({ username: z.string() }),
  objectRef: z
    .looseObject({
      resource: z.string().default(''),
      subresource: z.string().default(''),
      apiGroup: z.string().default(''),
      namespace: z.string().default(''),
      name: z.string().default(''),
    })
    .optional(),
  responseStatus: z.looseObject({ code: z.number() }).optional(),
});

/** Requests of service accounts, each once, without bodies. A watch is written down when it begins. */
const policy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    { level: 'None', userGroups: ['system:serviceaccounts:kube-system'] },
    { level: 'Metadata', userGroups: ['system:serviceaccounts'] },
    { level: 'None' },
  ],
};

export function auditLog(workplace: Workplace): AuditLog {
  const [policyFile, logFile] = [workplace.path('audit-policy.json'), workplace.path('audit.log')];
  writeFileSync(policyFile, JSON.stringify(policy));
  const read = (username: string) =>
    readFileSync(logFile, 'utf8')
      .split('\n')
      .filter(line => line.includes(username))
      .map(line => entrySchema.parse(JSON.parse(line)))
      .filter(entry => entry.user.username === username)
      .map(askedOf);
  return {
    args: [`--audit-policy-file=${policyFile}`, `--audit-log-path=${logFile}`, '--audit-log-mode=blocking'],
    by: username =>
      waitUntil(`requests of ${username} in the audit log`, async () => {
        const found = read(username);
        return found.length > 0 ? found : undefined;
      }),
  };
}

function askedOf({ verb, requestURI, objectRef, responseStatus }: z.output<typeof entrySchema>): Asked {
  const { resource = '', subresource = '', apiGroup = '', namespace = '', name = '' } = objectRef ?? {};
  return {
    verb,
    group: apiGroup,
    resource: subresource === '' ? resource : `${resource}/${subresource}`,
    namespace,
    name,
    path: requestURI.replace(/\?.*/s, ''),
    status: responseStatus?.code ?? 0,
  };
}

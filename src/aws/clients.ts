import type { CloudControlClient } from '@aws-sdk/client-cloudcontrol';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { z } from 'zod';
import { asking } from '../telemetry/requests.ts';

/** Where to ask, and as whom. */
export interface AwsPlace {
  region: string;
  /** The ARN of the role to take; without it the identity of the process is used. */
  role?: string | undefined;
}

export interface AwsClients {
  cloudFormation: CloudFormationClient;
  cloudControl: CloudControlClient;
  cloudTrail: CloudTrailClient;
  close(): void;
}

/** Attempts per request: throttling is expected of AWS, and the client slows itself down when it is told to. */
const attempts = 8;

/**
 * Clients for one place. The SDK is loaded here and nowhere else, so that only who declares a stack pays for it. With a role,
 * credentials are those of the web identity of the pod (AWS_WEB_IDENTITY_TOKEN_FILE) for that role, else those that the
 * process has take the role. AWS_ENDPOINT_URL is honoured by the SDK itself.
 */
export async function awsClients(place: AwsPlace): Promise<AwsClients> {
  const [cloudFormation, cloudControl, cloudTrail] = await Promise.all([
    import('@aws-sdk/client-cloudformation'),
    import('@aws-sdk/client-cloudcontrol'),
    import('@aws-sdk/client-cloudtrail'),
  ]);
  const credentials = await credentialsFor(place);
  const settings = {
    region: place.region,
    maxAttempts: attempts,
    retryMode: 'adaptive',
    ...(credentials === undefined ? {} : { credentials }),
  };
  const clients = {
    cloudFormation: new cloudFormation.CloudFormationClient(settings),
    cloudControl: new cloudControl.CloudControlClient(settings),
    cloudTrail: new cloudTrail.CloudTrailClient({ ...settings, maxAttempts: 3 }),
  };
  counted(clients.cloudFormation.middlewareStack);
  counted(clients.cloudControl.middlewareStack);
  counted(clients.cloudTrail.middlewareStack);
  return { ...clients, close: () => Object.values(clients).forEach(client => void client.destroy()) };
}

/** As much of the SDK's middleware as counting takes. */
interface Stack<Args, Answer> {
  add(
    middleware: (next: (args: Args) => Promise<Answer>) => (args: Args) => Promise<Answer>,
    options: { step: 'initialize'; name: string; priority: 'high' },
  ): void;
}

/** Publishes how each command went, all of its attempts as one. */
export function counted<Args, Answer>(stack: Stack<Args, Answer>): void {
  stack.add(
    next => async args => {
      const send = () =>
        next(args).then(
          answer => ({ answer }),
          (error: unknown) => ({ error }),
        );
      const ended = await asking({ service: 'aws' }, send, statusOf);
      if ('error' in ended) throw ended.error;
      return ended.answer;
    },
    { step: 'initialize', name: 'holdfastCount', priority: 'high' },
  );
}

const metadata = z.looseObject({ $metadata: z.looseObject({ httpStatusCode: z.number() }) });
const answerSchema = z.looseObject({ output: metadata });

function statusOf(ended: { answer: unknown } | { error: unknown }): string | number {
  const read =
    'error' in ended
      ? metadata.safeParse(ended.error).data
      : answerSchema.safeParse(ended.answer).data?.output;
  return read?.$metadata.httpStatusCode ?? 'none';
}

/** Credentials of a role; undefined where the identity of the process is used. */
export async function credentialsFor({ region, role }: AwsPlace) {
  if (role === undefined) return undefined;
  const providers = await import('@aws-sdk/credential-providers');
  const webIdentityTokenFile = process.env['AWS_WEB_IDENTITY_TOKEN_FILE'];
  const session = { roleArn: role, roleSessionName: 'holdfast' };
  if (webIdentityTokenFile !== undefined)
    return providers.fromTokenFile({ ...session, webIdentityTokenFile, clientConfig: { region } });
  return providers.fromTemporaryCredentials({
    params: { RoleArn: role, RoleSessionName: 'holdfast' },
    clientConfig: { region },
  });
}

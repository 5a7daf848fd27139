import { onFreePort } from '../processes/ports.ts';
import { untilReady } from '../processes/ready.ts';
import type { Supervised } from '../processes/supervise.ts';
import { openWorkplace, type Workplace } from '../processes/workplace.ts';
import { provideTools } from '../tools/provide.ts';

/** A running moto: S3, SQS, EC2, IAM, SSM, STS and others as AWS would answer. It ends with `stop`, or with our process. */
export interface Moto {
  /** `http://127.0.0.1:PORT`, no slash at the end. */
  readonly url: string;
  /** What an AWS client or the AWS provider must find in its environment to talk to it. */
  readonly environment: Readonly<Record<string, string>>;
  /** One request of S3, such as `PUT` on `bucket/key`; returns the answer's text, whatever its status. */
  s3(method: string, path: string, body?: string): Promise<string>;
  /** Forgets everything. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts an empty moto on a free port, and resolves when it answers. On any error nothing is left running. */
export async function startMoto(): Promise<Moto> {
  const { moto_server: program } = await provideTools(['moto_server']);
  const workplace = openWorkplace('moto');
  try {
    const { url } = await onFreePort(port => startOn(workplace, program, port));
    return {
      url,
      environment: awsEnvironment(url),
      s3: (method, path, body) => askS3(`${url}/${path}`, method, body),
      reset: async () => void (await fetch(`${url}/moto-api/reset`, { method: 'POST' })),
      stop: () => workplace.close(),
    };
  } catch (error) {
    await workplace.close();
    throw error;
  }
}

/** The environment of a client of an endpoint that takes any credentials, with nothing that asks the machine it runs on. */
export function awsEnvironment(url: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/** moto reads who asks, and checks no signature. */
async function askS3(url: string, method: string, body: string | undefined): Promise<string> {
  const scope = 'testing/20260101/us-east-1/s3/aws4_request';
  const answer = await fetch(url, {
    method,
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
      'content-type': 'application/xml',
    },
    ...(body === undefined ? {} : { body }),
  });
  return answer.text();
}

async function startOn(
  workplace: Workplace,
  program: string,
  port: number,
): Promise<{ url: string; part: Supervised }> {
  const url = `http://127.0.0.1:${port}`;
  const part = workplace.start('moto', program, ['-H', '127.0.0.1', '-p', String(port)]);
  await untilReady(part, async () => (await fetch(`${url}/moto-api/data.json`)).ok);
  return { url, part };
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ChangeSets } from './change-sets.ts';
import { type Action, cloudFormation } from './cloudformation.ts';
import { type Rate, Throttle } from './throttle.ts';
import { AwsError, decodeQuery, encodeQuery, encodeQueryError, type Parameters } from './wire.ts';
import { account, FakeWorld } from './world.ts';

export interface FakeAwsOptions {
  /** Requests a second per action; none are held back unless told. */
  rates?: Readonly<Record<string, Rate>>;
}

/**
 * CloudFormation, Cloud Control, CloudTrail and STS on one address, speaking the protocols of the real SDK clients: Query with XML,
 * JSON 1.0 and 1.1. Point `AWS_ENDPOINT_URL` at `url`.
 */
export class FakeAws {
  readonly world: FakeWorld;
  readonly changeSets: ChangeSets = new Map();
  /** Every request that was answered, by action; `throttled` counts those that were sent away. */
  readonly calls = new Map<string, number>();
  throttled = 0;
  /** The roles, or keys, with which objects were put into S3. */
  readonly uploaders = new Set<string>();
  /** Sessions that STS gave out, with their roles. */
  readonly sessions: { role: string; token: string }[] = [];
  readonly #server: Server;
  readonly #actions: Record<string, Action>;
  readonly #throttle: Throttle;

  private constructor(world: FakeWorld, options: FakeAwsOptions) {
    this.world = world;
    this.#actions = { ...cloudFormation(world, this.changeSets), ...this.#others() };
    this.#throttle = new Throttle(options.rates ?? {}, () => performance.now());
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(options: FakeAwsOptions = {}): Promise<FakeAws> {
    const fake = new FakeAws(new FakeWorld(), options);
    await new Promise<void>(resolve => fake.#server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What a process needs to find this AWS. */
  get environment(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.url,
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
      AWS_REGION: this.world.region,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
  }

  /** The keys of all that lies in S3. */
  objects(): IterableIterator<string> {
    return this.world.objects.keys();
  }

  count(action: string): number {
    return this.calls.get(action) ?? 0;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>(resolve => this.#server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    if (request.method === 'PUT') return this.#store(request, body, response);
    const target = request.headers['x-amz-target'];
    const json = typeof target === 'string';
    const parameters = json ? (JSON.parse(body || '{}') as Record<string, unknown>) : decodeQuery(body);
    const action = json ? (target.split('.')[1] ?? '') : String(parameters['Action']);
    try {
      const result = this.#perform(action, parameters);
      response.writeHead(200, { 'content-type': json ? 'application/x-amz-json-1.0' : 'text/xml' });
      response.end(json ? JSON.stringify(result, jsonDate) : encodeQuery(action, result));
    } catch (error) {
      const known = error instanceof AwsError ? error : new AwsError('InternalFailure', String(error), 500);
      response.writeHead(known.status, { 'content-type': json ? 'application/x-amz-json-1.0' : 'text/xml' });
      response.end(
        json ? JSON.stringify({ __type: known.code, message: known.message }) : encodeQueryError(known),
      );
    }
  }

  /** S3, as far as putting objects by paths; the owner of each bucket is the account. */
  #store(request: IncomingMessage, body: string, response: ServerResponse): void {
    const path = decodeURIComponent((request.url ?? '').slice(1).replace(/\?.*$/, ''));
    const owner = request.headers['x-amz-expected-bucket-owner'];
    const denied = this.world.trouble.denied?.has('PutObject') === true;
    this.calls.set('PutObject', this.count('PutObject') + 1);
    if (denied || (owner !== undefined && owner !== account)) {
      response.writeHead(403, { 'content-type': 'application/xml' });
      response.end('<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>');
      return;
    }
    this.world.objects.set(path, body);
    const key = /Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    this.uploaders.add(this.sessions[Number(key.replace('ASIA', '')) - 1]?.role ?? key);
    response.writeHead(200);
    response.end();
  }

  #perform(action: string, parameters: Parameters): Parameters {
    const run = this.#actions[action];
    if (run === undefined) throw new AwsError('InvalidAction', `Could not find operation ${action}`);
    if (!this.#throttle.admits(action)) {
      this.throttled += 1;
      throw new AwsError(action === 'GetResource' ? 'ThrottlingException' : 'Throttling', 'Rate exceeded');
    }
    this.calls.set(action, this.count(action) + 1);
    if (this.world.trouble.denied?.has(action) === true)
      throw new AwsError(
        'AccessDenied',
        `User: arn:aws:iam::${account}:user/me is not authorized to perform: ${action}`,
        403,
      );
    return run(parameters);
  }

  #others(): Record<string, Action> {
    return {
      GetResource: ({ TypeName, Identifier }) => {
        const type = this.world.typeOf(String(TypeName));
        if (type === undefined)
          throw new AwsError('TypeNotFoundException', `The type '${String(TypeName)}' cannot be found.`);
        const resource = [...this.world.stacks.values()]
          .flatMap(({ resources }) => resources)
          .find(each => each.type === TypeName && each.physicalId === Identifier);
        if (resource?.live === undefined)
          throw new AwsError(
            'ResourceNotFoundException',
            `Resource of type '${String(TypeName)}' with identifier '${String(Identifier)}' was not found.`,
          );
        return { TypeName, ResourceDescription: { Identifier, Properties: JSON.stringify(resource.live) } };
      },
      LookupEvents: ({ LookupAttributes, StartTime }) => {
        const [attribute] = (LookupAttributes ?? []) as { AttributeKey: string; AttributeValue: string }[];
        if (attribute?.AttributeKey !== 'ResourceName')
          throw new AwsError('InvalidLookupAttributesException', 'only ResourceName');
        const since = StartTime === undefined ? 0 : Number(StartTime) * 1000;
        const Events = this.world.trail
          .filter(({ resource, time }) => resource === attribute.AttributeValue && time.getTime() >= since)
          .sort((a, b) => b.time.getTime() - a.time.getTime())
          .map(event => ({
            EventName: event.name,
            EventTime: event.time,
            ReadOnly: String(event.readOnly === true),
            Username: event.arn.split('/').at(-1),
            CloudTrailEvent: JSON.stringify({ userIdentity: { arn: event.arn, invokedBy: event.invokedBy } }),
          }));
        return { Events };
      },
      AssumeRoleWithWebIdentity: ({ RoleArn, WebIdentityToken }) => {
        if (WebIdentityToken === undefined) throw new AwsError('InvalidIdentityToken', 'no token');
        return this.#session(String(RoleArn), String(WebIdentityToken));
      },
      AssumeRole: ({ RoleArn }) => this.#session(String(RoleArn), ''),
    };
  }

  #session(role: string, token: string): Parameters {
    this.sessions.push({ role, token });
    return {
      Credentials: {
        AccessKeyId: `ASIA${this.sessions.length}`,
        SecretAccessKey: 'secret',
        SessionToken: 'session',
        Expiration: new Date(Date.now() + 3_600_000),
      },
      AssumedRoleUser: { Arn: `${role}/holdfast`, AssumedRoleId: 'AROA:holdfast' },
    };
  }
}

/** JSON protocols write times as seconds. */
function jsonDate(this: unknown, key: string, value: unknown): unknown {
  const original = (this as Record<string, unknown>)[key];
  return original instanceof Date ? original.getTime() / 1000 : value;
}

import { evaluateTemplate } from '../../../src/drivers/cloudformation/template/evaluate.ts';
import { readTemplate } from '../../../src/drivers/cloudformation/template/template.ts';
import type { Json, JsonObject } from '../../../src/json/json.ts';
import { isMap } from '../../../src/json/value.ts';
import { type Macros, processedTemplate } from './macros.ts';
import { AwsError } from './wire.ts';

export const account = '111111111111';

export interface FakeResource {
  logicalId: string;
  type: string;
  physicalId: string;
  status: string;
  /** What CloudFormation last gave to the service. */
  deployed: JsonObject;
  /** What the service has; undefined when it was deleted behind CloudFormation’s back. */
  live: JsonObject | undefined;
}

export interface FakeEvent {
  EventId: string;
  LogicalResourceId: string;
  ResourceType: string;
  ResourceStatus: string;
  ResourceStatusReason?: string;
  Timestamp: Date;
}

export interface FakeStack {
  id: string;
  name: string;
  status: string;
  template: string;
  /** What macros made of it at the last update, which they might not make again. */
  processed?: string;
  parameters: Record<string, string>;
  tags: Record<string, string>;
  resources: FakeResource[];
  events: FakeEvent[];
  policy?: string;
  protection: boolean;
  created: Date;
  updated?: Date;
  roleArn?: string;
  /** What an update that was executed goes through, one step per look at the stack. */
  steps: (() => void)[];
}

/** What a type is to AWS: its registry schema, and whether drift detection knows it. */
export interface FakeType {
  schema: JsonObject;
  detects: boolean;
}

/** What goes wrong, by the names of the things that real stacks have shown. */
export interface Trouble {
  /** DETECTION_FAILED with the reason, and no rows for these logical ids; `stale`: rows of an earlier detection. */
  detectionFails?: { reason: string; without: string[]; stale?: boolean };
  /** These rows are UNKNOWN. */
  unknownRows?: Set<string>;
  /** These resources have no row, and the detection says that all is well. */
  missingRows?: Set<string>;
  /** Actions that the caller has no right to. */
  denied?: Set<string>;
  /** A drift-aware change set shows this change though nothing drifted. */
  phantom?: string;
  /** Updating these resources fails with the reason; `stuck`: so does rolling back. */
  failing?: Map<string, { reason: string; stuck?: boolean }>;
  /** Rows that say more than the values do, for one resource. */
  falseRows?: Map<string, { path: string; expected: string; actual: string; type: string }[]>;
}

export interface FakeStackSet {
  template: string;
  parameters: Record<string, string>;
  tags: Record<string, string>;
  instances: {
    account: string;
    region: string;
    status: 'CURRENT' | 'OUTDATED' | 'INOPERABLE';
    reason?: string;
    drift: 'IN_SYNC' | 'DRIFTED' | 'NOT_CHECKED' | 'UNKNOWN';
  }[];
}

export interface TrailEvent {
  resource: string;
  name: string;
  arn: string;
  time: Date;
  invokedBy?: string;
  readOnly?: boolean;
}

/** An account in one region: stacks, what really lives, and who did what. */
export class FakeWorld {
  readonly region: string;
  readonly stacks = new Map<string, FakeStack>();
  readonly types = new Map<string, FakeType>();
  readonly trail: TrailEvent[] = [];
  readonly stackSets = new Map<string, FakeStackSet>();
  /** What lies in S3, by `bucket/key`. */
  readonly objects = new Map<string, string>();
  readonly expansions: Macros = { macros: new Map(), modules: new Map() };
  trouble: Trouble = {};
  now: () => Date = () => new Date();
  #count = 0;

  constructor(region = 'eu-west-1') {
    this.region = region;
  }

  /** A stack that CloudFormation made from a template: every resource live as deployed. */
  create(
    name: string,
    template: string,
    options: { parameters?: Record<string, string>; tags?: Record<string, string>; parent?: string } = {},
  ): FakeStack {
    this.#count += 1;
    const stack: FakeStack = {
      id: `arn:aws:cloudformation:${this.region}:${account}:stack/${name}/${String(this.#count).padStart(8, '0')}-aaaa-bbbb-cccc-dddddddddddd`,
      name,
      status: 'CREATE_COMPLETE',
      template,
      parameters: { ...defaultsOf(template), ...options.parameters },
      tags: options.tags ?? {},
      resources: [],
      events: [],
      protection: false,
      created: this.now(),
      steps: [],
    };
    stack.resources = this.desired(stack, template, stack.parameters).map(
      ({ logicalId, type, properties }) => {
        const physicalId = `${name}-${logicalId}-1A2B3C4D5E6F`;
        return {
          logicalId,
          type,
          physicalId,
          status: 'CREATE_COMPLETE',
          deployed: properties,
          live: { ...properties },
        };
      },
    );
    this.stacks.set(stack.id, stack);
    return stack;
  }

  /** By name or id. Throws the ValidationError of CloudFormation. */
  find(nameOrId: unknown): FakeStack {
    const text = String(nameOrId);
    const found =
      this.stacks.get(text) ??
      [...this.stacks.values()].find(({ name, status }) => name === text && status !== 'DELETE_COMPLETE');
    if (found === undefined) throw new AwsError('ValidationError', `Stack with id ${text} does not exist`);
    return found;
  }

  resource(stackName: string, logicalId: string): FakeResource {
    const found = this.find(stackName).resources.find(each => each.logicalId === logicalId);
    if (found === undefined) throw new Error(`no resource ${logicalId}`);
    return found;
  }

  /** What macros, transforms and modules make of a template. */
  processed(template: string, parameters: Record<string, string>): string {
    return processedTemplate(template, parameters, this.expansions);
  }

  /** What a template says of the resources of a stack. */
  desired(
    stack: Pick<FakeStack, 'name' | 'id' | 'resources'>,
    template: string,
    parameters: Record<string, string>,
  ) {
    const { body } = readTemplate(Buffer.from(this.processed(template, parameters)));
    const references = new Map(stack.resources.map(({ logicalId, physicalId }) => [logicalId, physicalId]));
    for (const id of Object.keys((body['Resources'] ?? {}) as JsonObject))
      if (!references.has(id)) references.set(id, `${stack.name}-${id}-1A2B3C4D5E6F`);
    return evaluateTemplate(body, {
      account,
      region: this.region,
      stackName: stack.name,
      stackId: stack.id,
      parameters: new Map(Object.entries(parameters)),
      references,
      attribute: (id, name) => `${stack.name}-${id}.${name}`,
    });
  }

  typeOf(name: string): FakeType | undefined {
    const known = this.types.get(name);
    if (known !== undefined) return known;
    if (!name.startsWith('AWS::')) return undefined;
    return {
      schema: {
        typeName: name,
        properties: {},
        primaryIdentifier: ['/properties/Id'],
        handlers: { read: {} },
      },
      detects: true,
    };
  }

  /** What a TemplateURL leads to. Throws the ValidationError of CloudFormation. */
  templateAt(url: unknown): string {
    const found = /^https:\/\/s3\.[a-z0-9-]+\.amazonaws\.com\/(.+)$/.exec(String(url));
    const text = this.objects.get(found?.[1] ?? '');
    if (found === null) throw new AwsError('ValidationError', 'TemplateURL must be a supported URL.');
    if (text === undefined) throw new AwsError('ValidationError', 'S3 error: Access Denied');
    if (Buffer.byteLength(text) > 1_000_000)
      throw new AwsError('ValidationError', 'Template may not exceed 1000000 bytes in size.');
    return text;
  }

  event(
    stack: FakeStack,
    resource: Pick<FakeResource, 'logicalId' | 'type'>,
    status: string,
    reason?: string,
  ): void {
    stack.events.push({
      EventId: `event-${stack.events.length + 1}`,
      LogicalResourceId: resource.logicalId,
      ResourceType: resource.type,
      ResourceStatus: status,
      ...(reason === undefined ? {} : { ResourceStatusReason: reason }),
      Timestamp: this.now(),
    });
  }
}

export function defaultsOf(template: string): Record<string, string> {
  const parameters = readTemplate(Buffer.from(template)).body['Parameters'];
  const found: Record<string, string> = {};
  for (const [name, declared] of isMap(parameters) ? Object.entries(parameters) : []) {
    const fallback: Json | undefined = isMap(declared) ? declared['Default'] : undefined;
    if (fallback !== undefined) found[name] = String(fallback);
  }
  return found;
}

export function noEchoOf(template: string): Set<string> {
  const parameters = readTemplate(Buffer.from(template)).body['Parameters'];
  return new Set(
    (isMap(parameters) ? Object.entries(parameters) : [])
      .filter(([, declared]) => isMap(declared) && String(declared['NoEcho']) === 'true')
      .map(([name]) => name),
  );
}

import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { z } from 'zod';
import { Failure } from '../failure/failure.ts';
import { awsFailure, isNotFound } from './failures.ts';

const text = z.string();
const tag = z.object({ Key: text, Value: text });
const date = z.date();

export const stackSchema = z.object({
  StackId: text,
  StackName: text,
  StackStatus: text,
  StackStatusReason: text.optional(),
  CreationTime: date,
  LastUpdatedTime: date.optional(),
  EnableTerminationProtection: z.boolean().optional(),
  RoleARN: text.optional(),
  RootId: text.optional(),
  Capabilities: z.array(text).default([]),
  Parameters: z
    .array(z.object({ ParameterKey: text, ParameterValue: text.optional(), ResolvedValue: text.optional() }))
    .default([]),
  Tags: z.array(tag).default([]),
});
export type Stack = z.output<typeof stackSchema>;

const summarySchema = z.object({
  LogicalResourceId: text,
  PhysicalResourceId: text.optional(),
  ResourceType: text,
  ResourceStatus: text,
});
export type StackResource = z.output<typeof summarySchema>;

const difference = z.object({
  PropertyPath: text,
  ExpectedValue: text,
  ActualValue: text,
  DifferenceType: text,
});
const driftSchema = z.object({
  LogicalResourceId: text,
  PhysicalResourceId: text.optional(),
  ResourceType: text,
  StackResourceDriftStatus: text,
  ExpectedProperties: text.optional(),
  ActualProperties: text.optional(),
  PropertyDifferences: z.array(difference).default([]),
  DriftStatusReason: text.optional(),
  /** When it was looked at: rows of earlier detections stay. */
  Timestamp: date,
});
export type DriftRow = z.output<typeof driftSchema>;

const detectionSchema = z.object({
  DetectionStatus: text,
  DetectionStatusReason: text.optional(),
  StackDriftStatus: text.optional(),
  DriftedStackResourceCount: z.number().optional(),
  /** When the detection began. */
  Timestamp: date,
});
export type Detection = z.output<typeof detectionSchema>;

const stackSetSchema = z.object({
  StackSetARN: text.optional(),
  Status: text,
  TemplateBody: text,
  Parameters: stackSchema.shape.Parameters,
  Tags: z.array(tag).default([]),
});
export type StackSet = z.output<typeof stackSetSchema>;

const instanceSchema = z.object({
  Account: text,
  Region: text,
  Status: text,
  StatusReason: text.optional(),
  DriftStatus: text.optional(),
  LastDriftCheckTimestamp: date.optional(),
});
/** What is said of one stack of a StackSet. */
export type StackInstance = z.output<typeof instanceSchema>;

const eventSchema = z.object({
  EventId: text,
  LogicalResourceId: text.optional(),
  ResourceType: text.optional(),
  ResourceStatus: text.optional(),
  ResourceStatusReason: text.optional(),
  Timestamp: date,
});
export type StackEvent = z.output<typeof eventSchema>;

/** What is read of stacks. Every answer passes a schema; errors are AwsFailures (HF1911 to HF1913) or HF1914. */
export interface Stacks {
  /** Undefined when there is no such stack. */
  stack(name: string): Promise<Stack | undefined>;
  /** The template as it was given to CloudFormation, or what macros, transforms and modules made of it. */
  template(name: string, stage: 'Original' | 'Processed'): Promise<string>;
  /** All resources, from all pages: DescribeStackResources would stop at 100. */
  resources(name: string): Promise<StackResource[]>;
  startDetection(name: string): Promise<string>;
  detection(id: string): Promise<Detection>;
  drifts(name: string): Promise<DriftRow[]>;
  /** The registry schema of a type, as JSON text. */
  typeSchema(type: string): Promise<string>;
  policy(name: string): Promise<string | undefined>;
  /** Undefined when there is no such StackSet. */
  stackSet(name: string): Promise<StackSet | undefined>;
  stackInstances(stackSet: string): Promise<StackInstance[]>;
  /** Events after one that is known, oldest first. */
  events(name: string, after?: string): Promise<StackEvent[]>;
}

export async function stacksOf(client: CloudFormationClient): Promise<Stacks> {
  const sdk = await import('@aws-sdk/client-cloudformation');
  const ask = <T>(asked: string, call: () => Promise<unknown>, schema: z.ZodType<T>) =>
    answer(asked, call, schema);
  return {
    stack: async StackName => {
      const schema = z.object({ Stacks: z.array(stackSchema).default([]) });
      try {
        const call = () => client.send(new sdk.DescribeStacksCommand({ StackName }));
        return (await ask(`DescribeStacks ${StackName}`, call, schema)).Stacks[0];
      } catch (error) {
        if (error instanceof Failure && /does not exist/.test(error.message)) return undefined;
        throw error;
      }
    },
    template: async (StackName, TemplateStage) => {
      const call = () => client.send(new sdk.GetTemplateCommand({ StackName, TemplateStage }));
      return (await ask(`GetTemplate ${StackName}`, call, z.object({ TemplateBody: text }))).TemplateBody;
    },
    resources: async StackName =>
      pages(NextToken => {
        const call = () => client.send(new sdk.ListStackResourcesCommand({ StackName, NextToken }));
        const schema = z.object({
          StackResourceSummaries: z.array(summarySchema).default([]),
          NextToken: text.optional(),
        });
        return ask(`ListStackResources ${StackName}`, call, schema).then(page => [
          page.StackResourceSummaries.filter(({ ResourceStatus }) => ResourceStatus !== 'DELETE_COMPLETE'),
          page.NextToken,
        ]);
      }),
    startDetection: async StackName => {
      const call = () => client.send(new sdk.DetectStackDriftCommand({ StackName }));
      const schema = z.object({ StackDriftDetectionId: text });
      return (await ask(`DetectStackDrift ${StackName}`, call, schema)).StackDriftDetectionId;
    },
    detection: StackDriftDetectionId =>
      ask(
        'DescribeStackDriftDetectionStatus',
        () => client.send(new sdk.DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId })),
        detectionSchema,
      ),
    drifts: async StackName =>
      pages(NextToken => {
        const call = () =>
          client.send(new sdk.DescribeStackResourceDriftsCommand({ StackName, NextToken, MaxResults: 100 }));
        const schema = z.object({
          StackResourceDrifts: z.array(driftSchema).default([]),
          NextToken: text.optional(),
        });
        return ask(`DescribeStackResourceDrifts ${StackName}`, call, schema).then(page => [
          page.StackResourceDrifts,
          page.NextToken,
        ]);
      }),
    typeSchema: async TypeName => {
      const call = () => client.send(new sdk.DescribeTypeCommand({ Type: 'RESOURCE', TypeName }));
      return (await ask(`DescribeType ${TypeName}`, call, z.object({ Schema: text }))).Schema;
    },
    policy: async StackName => {
      const call = () => client.send(new sdk.GetStackPolicyCommand({ StackName }));
      return (await ask(`GetStackPolicy ${StackName}`, call, z.object({ StackPolicyBody: text.optional() })))
        .StackPolicyBody;
    },
    stackSet: async StackSetName => {
      const call = () => client.send(new sdk.DescribeStackSetCommand({ StackSetName }));
      const schema = z.object({ StackSet: stackSetSchema });
      try {
        return (await ask(`DescribeStackSet ${StackSetName}`, call, schema)).StackSet;
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    stackInstances: async StackSetName =>
      pages(NextToken => {
        const call = () => client.send(new sdk.ListStackInstancesCommand({ StackSetName, NextToken }));
        const schema = z.object({
          Summaries: z.array(instanceSchema).default([]),
          NextToken: text.optional(),
        });
        return ask(`ListStackInstances ${StackSetName}`, call, schema).then(page => [
          page.Summaries,
          page.NextToken,
        ]);
      }),
    events: async (StackName, after) => {
      const found: StackEvent[] = [];
      let NextToken: string | undefined;
      do {
        const call = () => client.send(new sdk.DescribeStackEventsCommand({ StackName, NextToken }));
        const schema = z.object({
          StackEvents: z.array(eventSchema).default([]),
          NextToken: text.optional(),
        });
        const page = await ask(`DescribeStackEvents ${StackName}`, call, schema);
        const known = page.StackEvents.findIndex(({ EventId }) => EventId === after);
        found.push(...(known === -1 ? page.StackEvents : page.StackEvents.slice(0, known)));
        NextToken = known === -1 ? page.NextToken : undefined;
      } while (NextToken !== undefined);
      return found.reverse();
    },
  };
}

/** Asks once, and holds the answer to a schema. */
export async function answer<T>(
  asked: string,
  call: () => Promise<unknown>,
  schema: z.ZodType<T>,
): Promise<T> {
  let answered: unknown;
  try {
    answered = await call();
  } catch (error) {
    throw awsFailure(error, asked);
  }
  const parsed = schema.safeParse(answered);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new Failure('HF1914', `${asked} was answered with something else at ${where}`);
}

/** More pages than this are a mistake of the server: no stack has so many resources. */
const mostPages = 200;

export async function pages<T>(
  page: (token: string | undefined) => Promise<[T[], string | undefined]>,
): Promise<T[]> {
  const all: T[] = [];
  let token: string | undefined;
  for (let count = 0; count < mostPages; count++) {
    const [items, next] = await page(token);
    all.push(...items);
    if (next === undefined || next === '') return all;
    token = next;
  }
  throw new Failure('HF1914', `AWS gave more than ${mostPages} pages`);
}

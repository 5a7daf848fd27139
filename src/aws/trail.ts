import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { z } from 'zod';
import type { Attribution } from '../findings/finding.ts';
import { answer } from './stacks.ts';

/** Who changed what, from CloudTrail. */
export interface Trail {
  /** The last one who changed a resource, other than CloudFormation; undefined when the trail does not say. Throws AwsFailures. */
  lastChange(resourceName: string, since?: Date): Promise<Attribution | undefined>;
}

const eventSchema = z.object({
  EventName: z.string().optional(),
  EventTime: z.date().optional(),
  ReadOnly: z.string().optional(),
  Username: z.string().optional(),
  CloudTrailEvent: z.string().optional(),
});
const detailSchema = z.object({
  userIdentity: z.object({ arn: z.string().optional(), invokedBy: z.string().optional() }).optional(),
  sourceIPAddress: z.string().optional(),
  errorCode: z.string().optional(),
});
const answerSchema = z.object({ Events: z.array(eventSchema).default([]) });

/** The trail knows 90 days, and takes two requests a second: ask for findings only. */
export async function trailOf(client: CloudTrailClient): Promise<Trail> {
  const sdk = await import('@aws-sdk/client-cloudtrail');
  return {
    lastChange: async (resourceName, since) => {
      const call = () =>
        client.send(
          new sdk.LookupEventsCommand({
            LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: resourceName }],
            StartTime: since,
            MaxResults: 50,
          }),
        );
      const { Events } = await answer(`LookupEvents ${resourceName}`, call, answerSchema);
      for (const event of Events) {
        const found = attribution(event);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

function attribution(event: z.output<typeof eventSchema>): Attribution | undefined {
  if (event.ReadOnly === 'true' || event.EventName === undefined) return undefined;
  const detail = detailOf(event.CloudTrailEvent);
  const byCloudFormation =
    detail.userIdentity?.invokedBy === 'cloudformation.amazonaws.com' ||
    detail.sourceIPAddress === 'cloudformation.amazonaws.com';
  if (byCloudFormation || detail.errorCode !== undefined) return undefined;
  const manager = detail.userIdentity?.arn ?? event.Username;
  if (manager === undefined) return undefined;
  const time = event.EventTime?.toISOString();
  return { manager, operation: event.EventName, ...(time === undefined ? {} : { time }) };
}

function detailOf(text: string | undefined): z.output<typeof detailSchema> {
  try {
    return detailSchema.catch({}).parse(JSON.parse(text ?? '{}'));
  } catch {
    return {};
  }
}

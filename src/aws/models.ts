import type { CloudControlClient } from '@aws-sdk/client-cloudcontrol';
import { z } from 'zod';
import { Failure } from '../failure/failure.ts';
import type { JsonObject } from '../json/json.ts';
import { isNotFound } from './failures.ts';
import { answer } from './stacks.ts';

/** The live models of resources, through the Cloud Control API. */
export interface Models {
  /** All properties that AWS gives back of a resource; undefined when it is not there. Throws AwsFailures. */
  model(type: string, identifier: string): Promise<JsonObject | undefined>;
}

const answerSchema = z.object({ ResourceDescription: z.object({ Properties: z.string() }) });
const modelSchema = z.record(z.string(), z.json());

export async function modelsOf(client: CloudControlClient): Promise<Models> {
  const sdk = await import('@aws-sdk/client-cloudcontrol');
  return {
    model: async (TypeName, Identifier) => {
      const asked = `GetResource ${TypeName} ${Identifier}`;
      try {
        const call = () => client.send(new sdk.GetResourceCommand({ TypeName, Identifier }));
        const { ResourceDescription } = await answer(asked, call, answerSchema);
        return modelIn(ResourceDescription.Properties, asked);
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
  };
}

function modelIn(text: string, asked: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Failure('HF1914', `${asked} was answered with properties that are not JSON`);
  }
  const parsed = modelSchema.safeParse(value);
  if (!parsed.success)
    throw new Failure('HF1914', `${asked} was answered with properties that are no mapping`);
  return parsed.data as JsonObject;
}

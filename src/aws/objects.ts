import { z } from 'zod';

import { type AwsPlace, counted, credentialsFor } from './clients.ts';
import { answer } from './stacks.ts';

/** Where templates are put that CloudFormation does not take inline. */
export interface Objects {
  /** Throws AwsFailures; one is that the bucket belongs to another account than `owner`. */
  put(object: { bucket: string; key: string; text: string; owner?: string | undefined }): Promise<void>;
}

/** The client of S3 is loaded only where a template is too large or has nested ones. */
export async function objectsAt(place: AwsPlace): Promise<Objects> {
  const sdk = await import('@aws-sdk/client-s3');
  const credentials = await credentialsFor(place);
  const client = new sdk.S3Client({
    region: place.region,
    maxAttempts: 5,
    // an address of one's own rarely has a name for each bucket
    forcePathStyle: process.env['AWS_ENDPOINT_URL'] !== undefined,
    ...(credentials === undefined ? {} : { credentials }),
  });
  counted(client.middlewareStack);
  return {
    put: async ({ bucket: Bucket, key: Key, text, owner }) => {
      const call = () =>
        client.send(
          new sdk.PutObjectCommand({
            Bucket,
            Key,
            Body: text,
            ContentType: 'text/plain; charset=utf-8',
            ChecksumAlgorithm: 'SHA256',
            ...(owner === undefined ? {} : { ExpectedBucketOwner: owner }),
          }),
        );
      await answer(`PutObject ${Bucket}/${Key}`, call, z.unknown());
    },
  };
}

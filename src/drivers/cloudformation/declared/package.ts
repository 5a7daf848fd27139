import { hashText } from '../../../declared/hash.ts';
import { Failure } from '../../../failure/failure.ts';
import { largestTemplate, type Template } from '../template/template.ts';
import { type NestedTemplates, withUrls } from './nested.ts';

/** CloudFormation takes so many bytes of a template inline; more must lie in S3. */
export const largestInline = 51_200;

/** What CloudFormation is given of a template: its text, or the address at which it lies after the uploads. */
export interface Packaged {
  text: string;
  url?: string;
  uploads: { key: string; text: string }[];
}

interface Place {
  bucket: string | undefined;
  region: string;
}

/**
 * Makes a template ready for CloudFormation: the templates that it nests by path are to be uploaded, and their addresses stand for the
 * paths; so is a template that is too large to be given inline. Objects are called by the digest of their content. Throws HF1935 where
 * no bucket is named and one is needed, or where a template is larger than CloudFormation takes.
 */
export function packaged(
  { path, template, nested }: { path: string; template: Template; nested: NestedTemplates },
  place: Place,
): Packaged {
  const inner = [...nested].map(
    ([id, each]) => [id, stored(packaged(each, place), each.path, place)] as const,
  );
  const urls = new Map(inner.map(([id, { url }]) => [id, url]));
  const text = urls.size === 0 ? template.text : JSON.stringify(withUrls(template.body, urls), null, 1);
  const own: Packaged = { text, uploads: inner.flatMap(([, { uploads }]) => uploads) };
  return Buffer.byteLength(text) > largestInline ? stored(own, path, place) : own;
}

function stored(
  { text, url, uploads }: Packaged,
  path: string,
  { bucket, region }: Place,
): Packaged & { url: string } {
  if (url !== undefined) return { text, url, uploads };
  const size = Buffer.byteLength(text);
  const where = { file: path };
  if (size > largestTemplate)
    throw new Failure(
      'HF1935',
      `the template has ${size} bytes, and CloudFormation takes ${largestTemplate}`,
      { where },
    );
  if (bucket === undefined) {
    const why =
      size > largestInline
        ? `it has ${size} bytes, and ${largestInline} can be given to CloudFormation without one`
        : 'it is nested by its path';
    throw new Failure('HF1935', `the template needs an S3 bucket: ${why}`, { where });
  }
  const key = `holdfast/${hashText(text)}.template`;
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return {
    text,
    url: `https://s3.${region}.${suffix}/${bucket}/${key}`,
    uploads: [...uploads, { key, text }],
  };
}

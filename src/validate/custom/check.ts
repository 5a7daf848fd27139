import type { JsonObject } from '../../json/json.ts';
import { checkPart } from '../built-in.ts';
import type { SchemaPack } from '../pack/pack.ts';
import type { Findings } from '../problem.ts';
import { effective } from './effective.ts';
import type { CustomNode } from './node.ts';
import { checkStructure } from './structure.ts';
import { checkUnknownFields } from './unknown-fields.ts';
import { checkValue } from './values.ts';

/** One served version of a CustomResourceDefinition. */
export interface CustomSchema {
  root: CustomNode;
  statusIsSubresource: boolean;
}

const metadataSchema = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/**
 * Checks a custom resource as the API server does when it is created: metadata, unknown fields, then types and values of what is
 * left after nulls are dropped and defaults filled in. CEL rules (`x-kubernetes-validations`) are not run.
 */
export function checkCustom(
  { root, statusIsSubresource }: CustomSchema,
  object: JsonObject,
  pack: SchemaPack,
  found: Findings,
): void {
  const metadata = object['metadata'] ?? null;
  found.at('metadata', () => checkPart(pack, metadataSchema, metadata, found));
  checkUnknownFields(root, object, found);
  const whole = effective(root, object, statusIsSubresource, steps => found.spend(steps));
  checkValue(root, whole, found);
  checkStructure(root, whole, found, inner => checkPart(pack, metadataSchema, inner, found));
}

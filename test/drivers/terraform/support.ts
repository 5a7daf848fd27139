import { readPlan, type TerraformPlan } from '../../../src/drivers/terraform/plan-file.ts';

interface Given {
  address?: string;
  actions?: string[];
  before?: unknown;
  after?: unknown;
  after_unknown?: unknown;
  before_sensitive?: unknown;
  after_sensitive?: unknown;
  replace_paths?: string[][];
  [more: string]: unknown;
}

/** A resource change as `terraform show -json` gives it. */
export function resourceChange({
  address = 'aws_s3_bucket.data',
  actions = ['update'],
  ...given
}: Given): unknown {
  const [type = '', name = ''] = address.split('.').slice(-2);
  const {
    before = null,
    after = null,
    after_unknown = {},
    before_sensitive = {},
    after_sensitive = {},
    replace_paths,
    ...more
  } = given;
  return {
    address,
    mode: 'managed',
    type,
    name,
    change: {
      actions,
      before,
      after,
      after_unknown,
      before_sensitive,
      after_sensitive,
      ...(replace_paths && { replace_paths }),
    },
    ...more,
  };
}

/** A plan with these changes. */
export function planWith(changes: unknown[], more: Record<string, unknown> = {}): TerraformPlan {
  return readPlan(JSON.stringify({ format_version: '1.2', resource_changes: changes, ...more }));
}

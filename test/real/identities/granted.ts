import { z } from 'zod';
import type { Asked } from './audit.ts';

/** One verb on one thing that a role grants, the smallest part that could be taken away. */
export interface Grant {
  role: string;
  /** Where it counts; empty for everywhere. */
  namespace: string;
  verb: string;
  group?: string;
  resource?: string;
  name?: string;
  path?: string;
}

const list = z.array(z.string());
const roleSchema = z.looseObject({
  kind: z.enum(['Role', 'ClusterRole']),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().default('') }),
  rules: z
    .array(
      z.strictObject({
        apiGroups: list.optional(),
        resources: list.optional(),
        resourceNames: list.optional(),
        nonResourceURLs: list.optional(),
        verbs: list,
      }),
    )
    .nullish(),
});

/** Every grant of the roles of an account among these objects, one by one. */
export function grantsOf(objects: readonly object[], account: string): Grant[] {
  return objects.flatMap(object => {
    const role = roleSchema.safeParse(object);
    return role.success && role.data.metadata.name.startsWith(account) ? grantsIn(role.data) : [];
  });
}

function grantsIn({ kind, metadata, rules }: z.output<typeof roleSchema>): Grant[] {
  const from = { role: `${kind} ${metadata.name}`, namespace: metadata.namespace };
  return (rules ?? []).flatMap(rule =>
    rule.verbs.flatMap(verb => [
      ...(rule.nonResourceURLs ?? []).map(path => ({ ...from, verb, path })),
      ...(rule.apiGroups ?? []).flatMap(group =>
        (rule.resources ?? []).flatMap(resource =>
          (rule.resourceNames ?? [undefined]).map(name => ({
            ...from,
            ...{ verb, group, resource },
            ...(name === undefined ? {} : { name }),
          })),
        ),
      ),
    ]),
  );
}

/** Whether a request that was let through could not have been without a grant like this one. */
export function needs(asked: Asked, grant: Grant): boolean {
  if (asked.status === 403 || asked.status === 401) return false;
  if (grant.path !== undefined) {
    const { path } = grant;
    const fits = path.endsWith('*') ? asked.path.startsWith(path.slice(0, -1)) : asked.path === path;
    return asked.resource === '' && asked.verb === grant.verb && fits;
  }
  return (
    verbsOf(asked).includes(grant.verb) &&
    (grant.namespace === '' || grant.namespace === asked.namespace) &&
    (grant.group === '*' || grant.group === asked.group) &&
    (grant.resource === '*' || grant.resource === asked.resource) &&
    (grant.name === undefined || grant.name === asked.name)
  );
}

/** An apply of what is not there creates it (201): the server asks for both rights. */
function verbsOf({ verb, status }: Asked): string[] {
  return status === 201 && verb !== 'create' ? [verb, 'create'] : [verb];
}

export const say = ({ role, verb, group, resource, name, path }: Grant): string =>
  `${role}: ${verb} ${path ?? `${group === '' ? 'core' : group}/${resource}`}${name === undefined ? '' : ` ${name}`}`;

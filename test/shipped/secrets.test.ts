import { readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const deploymentSchema = z.looseObject({
  kind: z.literal('Deployment'),
  spec: z.looseObject({
    template: z.looseObject({
      spec: z.looseObject({
        serviceAccountName: z.string(),
        volumes: z.array(z.looseObject({ name: z.string(), emptyDir: z.looseObject({}) })),
        containers: z.array(
          z.looseObject({
            envFrom: z.array(
              z.strictObject({
                configMapRef: z.strictObject({ name: z.string() }).optional(),
                secretRef: z.strictObject({ name: z.string() }).optional(),
              }),
            ),
            env: z.array(
              z.union([
                z.strictObject({ name: z.string(), value: z.string() }),
                z.strictObject({
                  name: z.string(),
                  valueFrom: z.strictObject({ fieldRef: z.strictObject({ fieldPath: z.string() }) }),
                }),
              ]),
            ),
          }),
        ),
      }),
    }),
  }),
});

const secretsOf = (who: string) => {
  const file = new URL(`../../manifests/holdfast/workloads/${who}.yaml`, import.meta.url);
  const { spec } = deploymentSchema.parse(loadAll(readFileSync(file, 'utf8'))[0]).spec.template;
  const named = spec.containers.flatMap(({ envFrom }) => envFrom.flatMap(from => from.secretRef?.name ?? []));
  return { account: spec.serviceAccountName, secrets: named };
};

// The schema above is strict where a secret could come in by another way: a volume, or a variable of its own.
describe('the workloads', () => {
  it.each(['observer', 'converger'])('give the %s its own account and its own Secret, and no other', who => {
    expect(secretsOf(who)).toEqual({ account: `holdfast-${who}`, secrets: [`holdfast-${who}`] });
  });
});

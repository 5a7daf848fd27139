import type { CloudFormationClient, CreateChangeSetCommandInput } from '@aws-sdk/client-cloudformation';
import { z } from 'zod';
import { answer } from './stacks.ts';

const text = z.string();

const targetSchema = z.object({
  Attribute: text.optional(),
  Name: text.optional(),
  Path: text.optional(),
  RequiresRecreation: text.optional(),
  BeforeValue: text.optional(),
  AfterValue: text.optional(),
});
const changeSchema = z.object({
  Action: text,
  LogicalResourceId: text,
  PhysicalResourceId: text.optional(),
  ResourceType: text,
  Replacement: text.optional(),
  PolicyAction: text.optional(),
  ChangeSetId: text.optional(),
  Details: z.array(z.object({ Target: targetSchema.optional(), ChangeSource: text.optional() })).default([]),
});
/** What executing a change set would do to one resource. */
export type ResourceChange = z.output<typeof changeSchema>;

const describedSchema = z.object({
  ChangeSetId: text,
  StackId: text,
  Status: text,
  StatusReason: text.optional(),
  ExecutionStatus: text.optional(),
  Parameters: z.array(z.object({ ParameterKey: text, ParameterValue: text.optional() })).default([]),
  Changes: z.array(z.object({ ResourceChange: changeSchema.optional() })).default([]),
  NextToken: text.optional(),
});

export interface DescribedChangeSet {
  id: string;
  /** The stack that it is for: a name may be used again, an id is not. */
  stackId: string;
  status: string;
  reason: string;
  execution: string;
  changes: ResourceChange[];
  parameters: { ParameterKey: string; ParameterValue?: string | undefined }[];
}

/** What writing to stacks needs: change sets, and nothing that deletes a stack. */
export interface ChangeSetPorts {
  /** The id of the set, which is then being made. */
  create(input: CreateChangeSetCommandInput): Promise<string>;
  describe(id: string): Promise<DescribedChangeSet>;
  /** The template that it would bring the stack to, as it was given or as macros, transforms and modules made it. */
  template(id: string, stage: 'Original' | 'Processed'): Promise<string>;
  execute(id: string, token: string): Promise<void>;
  remove(id: string): Promise<void>;
}

export async function changeSetsOf(client: CloudFormationClient): Promise<ChangeSetPorts> {
  const sdk = await import('@aws-sdk/client-cloudformation');
  return {
    create: async input => {
      const call = () => client.send(new sdk.CreateChangeSetCommand(input));
      return (await answer(`CreateChangeSet ${input.StackName}`, call, z.object({ Id: text }))).Id;
    },
    describe: async id => {
      const changes: ResourceChange[] = [];
      let NextToken: string | undefined;
      for (;;) {
        const call = () =>
          client.send(
            new sdk.DescribeChangeSetCommand({ ChangeSetName: id, IncludePropertyValues: true, NextToken }),
          );
        const page = await answer('DescribeChangeSet', call, describedSchema);
        changes.push(...page.Changes.flatMap(({ ResourceChange }) => ResourceChange ?? []));
        NextToken = page.NextToken;
        if (NextToken !== undefined) continue;
        const { Status: status, StatusReason: reason = '', ExecutionStatus: execution = '' } = page;
        const { StackId: stackId, Parameters: parameters } = page;
        return { id, stackId, status, reason, execution, changes, parameters };
      }
    },
    template: async (ChangeSetName, TemplateStage) => {
      const call = () => client.send(new sdk.GetTemplateCommand({ ChangeSetName, TemplateStage }));
      return (await answer('GetTemplate of a change set', call, z.object({ TemplateBody: text })))
        .TemplateBody;
    },
    execute: async (ChangeSetName, ClientRequestToken) => {
      const call = () => client.send(new sdk.ExecuteChangeSetCommand({ ChangeSetName, ClientRequestToken }));
      await answer('ExecuteChangeSet', call, z.unknown());
    },
    remove: async ChangeSetName => {
      const call = () => client.send(new sdk.DeleteChangeSetCommand({ ChangeSetName }));
      await answer('DeleteChangeSet', call, z.unknown());
    },
  };
}

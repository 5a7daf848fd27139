import { splitApiVersion } from '../cluster/kind.ts';
import { isObjectRef, type ResourceRef } from '../findings/finding.ts';
import { isSecretKind } from './masking.ts';
import { type Action, type FieldPreview, type Risk, risks } from './model.ts';

/** What a change of such a kind may do, whatever the change is. */
const ofKinds: readonly { risk: Risk; group: RegExp; kind: RegExp }[] = [
  { risk: 'access', group: /^rbac\.authorization\.k8s\.io$/, kind: /./ },
  { risk: 'access', group: /^$/, kind: /^ServiceAccount$/ },
  { risk: 'access', group: /^certificates\.k8s\.io$/, kind: /./ },
  { risk: 'definition', group: /^apiextensions\.k8s\.io$/, kind: /./ },
  { risk: 'definition', group: /^apiregistration\.k8s\.io$/, kind: /./ },
  { risk: 'admission', group: /^admissionregistration\.k8s\.io$/, kind: /./ },
  { risk: 'admission', group: /^kyverno\.io$|gatekeeper\.sh$/, kind: /./ },
  { risk: 'secret', group: /./, kind: /^(Sealed|External|Cluster.*)Secrets?$/ },
  { risk: 'network', group: /^networking\.k8s\.io$|^cilium\.io$|^crd\.projectcalico\.org$/, kind: /Polic/ },
  {
    risk: 'network',
    group: /^networking\.k8s\.io$|^gateway\.networking\.k8s\.io$/,
    kind: /^Ingress|^Gateway/,
  },
  { risk: 'namespace', group: /^$/, kind: /^Namespace$/ },
  { risk: 'namespace', group: /^$/, kind: /^(ResourceQuota|LimitRange)$/ },
  { risk: 'storage', group: /^$/, kind: /^PersistentVolume(Claim)?$/ },
  { risk: 'storage', group: /^storage\.k8s\.io$/, kind: /./ },
];

/** CloudFormation types and Terraform resource types by what they hold. */
const ofTypes: readonly { risk: Risk; type: RegExp }[] = [
  { risk: 'access', type: /^AWS::IAM::|^aws_iam_|_policy_attachment$/ },
  { risk: 'secret', type: /^AWS::(SecretsManager|KMS)::|^aws_(secretsmanager|kms)_/ },
  { risk: 'network', type: /SecurityGroup|NetworkAcl|^AWS::WAF|_security_group|_network_acl|^aws_waf/ },
  {
    risk: 'storage',
    type: /^AWS::(S3::Bucket|RDS|DynamoDB|EFS|EBS)|^aws_(s3_bucket|db_|rds_|dynamodb_|efs_|ebs_)/,
  },
];

/** The risks of a change, in the reviewer's order; that it overwrites what somebody did by hand is one. Without an effect on live there is none. */
export function risksOf(resource: ResourceRef, action: Action, fields: readonly FieldPreview[] = []): Risk[] {
  if (action === 'none') return [];
  const found = new Set<Risk>();
  if (action === 'remove') found.add('removal');
  if (action === 'recreate') found.add('recreation');
  if (isSecretKind(resource)) found.add('secret');
  if (isObjectRef(resource)) {
    const { group } = splitApiVersion(resource.apiVersion);
    for (const rule of ofKinds)
      if (rule.group.test(group) && rule.kind.test(resource.kind)) found.add(rule.risk);
  } else {
    for (const rule of ofTypes) if (rule.type.test(resource.type)) found.add(rule.risk);
  }
  if (fields.some(({ why }) => why === 'overwrites' || why === 'reverts')) found.add('drift');
  return risks.filter(risk => found.has(risk));
}

/** Most dangerous first: what fails, what is removed or recreated, then by risk, then create before change, what is `none` last. */
export function riskRank(change: {
  risks: readonly Risk[];
  action: Action;
  problems: readonly string[];
}): number {
  if (change.problems.length > 0) return 0;
  const first = change.risks[0];
  if (first !== undefined) return 1 + risks.indexOf(first);
  return 1 + risks.length + ['change', 'create', 'remove', 'recreate', 'none'].indexOf(change.action);
}

# The two roles of Holdfast in an account, for teams that keep them in Terraform: the same as infra-state/holdfast-aws.
terraform {
  required_version = ">= 1.6"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "oidc_provider_arn" {
  type        = string
  description = "The OIDC provider of the cluster."
}

variable "oidc_issuer" {
  type        = string
  description = "Its issuer without https://"
}

variable "namespace" {
  type    = string
  default = "holdfast"
}

data "aws_partition" "current" {}
data "aws_caller_identity" "current" {}

locals {
  partition = data.aws_partition.current.partition
  account   = data.aws_caller_identity.current.account_id
}

data "aws_iam_policy_document" "trust" {
  for_each = toset(["observer", "converger"])

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [var.oidc_provider_arn]
    }
    condition {
      test     = "StringEquals"
      variable = "${var.oidc_issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "${var.oidc_issuer}:sub"
      values   = ["system:serviceaccount:${var.namespace}:holdfast-${each.key}"]
    }
  }
}

data "aws_iam_policy_document" "observer" {
  statement {
    actions = [
      "cloudformation:BatchDescribeTypeConfigurations",
      "cloudformation:DetectStackDrift",
      "cloudformation:DetectStackResourceDrift",
      "cloudformation:GetResource",
    ]
    resources = ["*"]
  }
  statement {
    effect    = "Deny"
    actions   = ["kms:Decrypt", "s3:GetObject", "secretsmanager:GetSecretValue", "ssm:GetParameter*"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "converger" {
  statement {
    actions = [
      "cloudformation:CreateChangeSet",
      "cloudformation:DeleteChangeSet",
      "cloudformation:ExecuteChangeSet",
    ]
    resources = ["arn:${local.partition}:cloudformation:*:${local.account}:stack/*"]
  }
  statement {
    actions   = ["iam:PassRole"]
    resources = ["arn:${local.partition}:iam::${local.account}:role/holdfast-stack-*"]
    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["cloudformation.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "this" {
  for_each = data.aws_iam_policy_document.trust

  name                 = "holdfast-${each.key}"
  assume_role_policy   = each.value.json
  max_session_duration = 3600
}

resource "aws_iam_role_policy_attachment" "read" {
  for_each = aws_iam_role.this

  role       = each.value.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_iam_role_policy" "observer" {
  name   = "drift"
  role   = aws_iam_role.this["observer"].name
  policy = data.aws_iam_policy_document.observer.json
}

resource "aws_iam_role_policy" "converger" {
  name   = "change-sets"
  role   = aws_iam_role.this["converger"].name
  policy = data.aws_iam_policy_document.converger.json
}

output "roles" {
  value = { for name, role in aws_iam_role.this : name => role.arn }
}

# The search domain, in one of the private subnets.

data "aws_caller_identity" "me" {}

data "aws_region" "here" {}

locals {
  domain = "${var.name}-search"
}

resource "aws_security_group" "this" {
  name        = local.domain
  description = "Who may connect to the search domain"
  vpc_id      = var.vpc_id

  ingress {
    description = "The platform"
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = [var.cidr]
  }
}

resource "aws_opensearch_domain" "this" {
  domain_name    = local.domain
  engine_version = "OpenSearch_2.19"

  cluster_config {
    instance_type  = "t3.small.search"
    instance_count = 1
  }

  ebs_options {
    ebs_enabled = true
    volume_type = "gp3"
    volume_size = 10
  }

  encrypt_at_rest {
    enabled = true
  }

  node_to_node_encryption {
    enabled = true
  }

  domain_endpoint_options {
    enforce_https       = true
    tls_security_policy = "Policy-Min-TLS-1-2-2019-07"
  }

  vpc_options {
    subnet_ids         = slice(var.subnet_ids, 0, 1)
    security_group_ids = [aws_security_group.this.id]
  }

  access_policies = data.aws_iam_policy_document.access.json
}

data "aws_iam_policy_document" "access" {
  statement {
    actions   = ["es:ESHttp*"]
    resources = ["arn:aws:es:${data.aws_region.here.name}:${data.aws_caller_identity.me.account_id}:domain/${local.domain}/*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.me.account_id}:root"]
    }
  }
}

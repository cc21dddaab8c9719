# What a network lets through: security groups whose rules are resources of their own, as the provider recommends it, a list of
# addresses, a network ACL, and the default VPC that every account has.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

provider "aws" {}

variable "clients" {
  type    = string
  default = "10.0.0.0/8"
}

resource "aws_vpc" "this" {
  cidr_block = "10.42.0.0/16"
}

data "aws_vpc" "default" {
  default = true
}

resource "aws_subnet" "this" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.42.1.0/24"
}

resource "aws_network_acl" "this" {
  vpc_id     = aws_vpc.this.id
  subnet_ids = [aws_subnet.this.id]

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    cidr_block = var.clients
    from_port  = 443
    to_port    = 443
  }
}

resource "aws_ec2_managed_prefix_list" "clients" {
  name           = "firewall-clients"
  address_family = "IPv4"
  max_entries    = 2

  entry {
    cidr = var.clients
  }
  entry {
    cidr        = data.aws_vpc.default.cidr_block
    description = "the default VPC"
  }
}

resource "aws_vpc_security_group_egress_rule" "clients" {
  security_group_id = aws_security_group.database.id
  prefix_list_id    = aws_ec2_managed_prefix_list.clients.id
  ip_protocol       = "-1"
}

resource "aws_launch_template" "web" {
  name                   = "firewall-web"
  instance_type          = "t3.micro"
  vpc_security_group_ids = [aws_security_group.web.id]
}

resource "aws_security_group" "web" {
  name        = "firewall-web"
  description = "web"
  vpc_id      = aws_vpc.this.id
}

resource "aws_security_group" "database" {
  name        = "firewall-database"
  description = "database"
  vpc_id      = aws_vpc.this.id
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  security_group_id = aws_security_group.web.id
  description       = "clients"
  cidr_ipv4         = var.clients
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443

  tags = {
    Name = "https"
  }
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  security_group_id            = aws_security_group.database.id
  referenced_security_group_id = aws_security_group.web.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_vpc_security_group_egress_rule" "all" {
  security_group_id = aws_security_group.web.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

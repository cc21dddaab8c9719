# A domain with its certificate, validated by DNS as everybody's modules do it, and a zone that only a network sees.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

provider "aws" {}

variable "weight" {
  type    = number
  default = 10
}

resource "aws_route53_zone" "domain" {
  name    = "shop.example.com"
  comment = "of the shop"
  tags    = { Team = "shop" }
}

resource "aws_acm_certificate" "domain" {
  domain_name               = aws_route53_zone.domain.name
  subject_alternative_names = ["*.${aws_route53_zone.domain.name}"]
  validation_method         = "DNS"
  tags                      = { Team = "shop" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "validation" {
  for_each = {
    for option in aws_acm_certificate.domain.domain_validation_options : option.domain_name => {
      name   = option.resource_record_name
      record = option.resource_record_value
      type   = option.resource_record_type
    }
  }

  allow_overwrite = true
  name            = each.value.name
  records         = [each.value.record]
  ttl             = 60
  type            = each.value.type
  zone_id         = aws_route53_zone.domain.zone_id
}

resource "aws_acm_certificate_validation" "domain" {
  certificate_arn         = aws_acm_certificate.domain.arn
  validation_record_fqdns = [for record in aws_route53_record.validation : record.fqdn]
}

resource "aws_route53_record" "mail" {
  zone_id = aws_route53_zone.domain.zone_id
  name    = ""
  type    = "MX"
  ttl     = 300
  records = ["10 mail.example.org", "20 mail2.example.org"]
}

resource "aws_route53_health_check" "shop" {
  fqdn              = "www.shop.example.com"
  port              = 443
  type              = "HTTPS"
  resource_path     = "/health"
  failure_threshold = 5
  request_interval  = 30
  tags              = { Name = "shop" }
}

resource "aws_route53_record" "www" {
  zone_id         = aws_route53_zone.domain.zone_id
  name            = "www"
  type            = "A"
  ttl             = 60
  records         = ["192.0.2.1"]
  set_identifier  = "first"
  health_check_id = aws_route53_health_check.shop.id

  weighted_routing_policy {
    weight = var.weight
  }
}

resource "aws_route53_record" "wildcard" {
  zone_id = aws_route53_zone.domain.zone_id
  name    = "*.blue"
  type    = "A"

  alias {
    name                   = aws_route53_record.blue.fqdn
    zone_id                = aws_route53_zone.domain.zone_id
    evaluate_target_health = false
  }
}

resource "aws_route53_record" "blue" {
  zone_id = aws_route53_zone.domain.zone_id
  name    = "blue"
  type    = "A"
  ttl     = 60
  records = ["192.0.2.2"]
}

resource "aws_vpc" "network" {
  cidr_block = "10.20.0.0/16"
}

resource "aws_route53_zone" "internal" {
  name = "shop.internal"

  vpc {
    vpc_id = aws_vpc.network.id
  }
}

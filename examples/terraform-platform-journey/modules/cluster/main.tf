# The cluster and its services. They share the instance's network, so each has its port to itself, and a new one starts when the old one is gone.

data "aws_region" "here" {}

locals {
  own = { for name, service in var.services : name => service if !strcontains(service.image, "/") }
}

resource "aws_ecr_repository" "this" {
  for_each = local.own

  name         = "${var.name}/${each.key}"
  force_delete = true
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = var.services

  name              = "/ecs/${var.name}/${each.key}"
  retention_in_days = 14
}

resource "aws_ecs_cluster" "this" {
  name = var.name
}

resource "aws_ecs_task_definition" "this" {
  for_each = var.services

  family                   = "${var.name}-${each.key}"
  requires_compatibilities = ["EC2"]
  network_mode             = "host"

  container_definitions = jsonencode([{
    name = each.key
    image = (
      contains(keys(local.own), each.key)
      ? "${aws_ecr_repository.this[each.key].repository_url}:${split(":", each.value.image)[1]}"
      : each.value.image
    )
    memory       = each.value.memory
    essential    = true
    portMappings = [{ containerPort = each.value.port, hostPort = each.value.port, protocol = "tcp" }]
    mountPoints  = each.value.data ? [{ sourceVolume = "data", containerPath = "/etc/certificates" }] : []
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this[each.key].name
        awslogs-region        = data.aws_region.here.name
        awslogs-stream-prefix = each.key
      }
    }
  }])

  dynamic "volume" {
    for_each = each.value.data ? ["/mnt/data/certificates"] : []

    content {
      name      = "data"
      host_path = volume.value
    }
  }
}

resource "aws_ecs_service" "this" {
  for_each = var.services

  name                               = each.key
  cluster                            = aws_ecs_cluster.this.id
  task_definition                    = aws_ecs_task_definition.this[each.key].arn
  launch_type                        = "EC2"
  desired_count                      = 1
  deployment_minimum_healthy_percent = 0
  deployment_maximum_percent         = 100
  # The instance may still be starting when its services are made.
  wait_for_steady_state = false
}

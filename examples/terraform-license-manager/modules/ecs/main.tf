# The cluster and the service: the licence server, and beside it the sidecar that publishes its figures.

data "aws_region" "here" {}

locals {
  container = "app"

  environment = merge(var.environment, { PORT = tostring(var.container_port) })
  dimensions  = { ClusterName = aws_ecs_cluster.this.name, ServiceName = var.name }
  logs = {
    for prefix in ["app", "metrics"] : prefix => {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this.name
        awslogs-region        = data.aws_region.here.name
        awslogs-stream-prefix = prefix
      }
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/ecs/${var.name}"
  retention_in_days = 30
}

resource "aws_ssm_parameter" "signing_key" {
  name        = var.signing_key_path
  description = "What the licence servers sign licences with"
  type        = "SecureString"
  value       = var.signing_key
}

resource "aws_ecs_cluster" "this" {
  name = var.name

  setting {
    name  = "containerInsights"
    value = "disabled"
  }
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = ["FARGATE"]
}

resource "aws_ecs_task_definition" "this" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = var.execution_role_arn
  task_role_arn            = var.task_role_arn

  container_definitions = jsonencode([
    {
      name             = local.container
      image            = var.images.app
      essential        = true
      portMappings     = [{ containerPort = var.container_port, protocol = "tcp" }]
      environment      = [for name, value in local.environment : { name = name, value = value }]
      secrets          = [{ name = "LM_SIGNING_KEY", valueFrom = aws_ssm_parameter.signing_key.arn }]
      logConfiguration = local.logs["app"]
      stopTimeout      = 120
      healthCheck = {
        command     = ["CMD", "node", "health.mjs"]
        interval    = 10
        timeout     = 5
        retries     = 3
        startPeriod = 30
      }
      linuxParameters = { initProcessEnabled = true }
    },
    {
      name             = "metrics"
      image            = var.images.metrics
      essential        = false
      dependsOn        = [{ containerName = local.container, condition = "HEALTHY" }]
      logConfiguration = local.logs["metrics"]
      environment = [
        { name = "SIDECAR_TARGET", value = "http://127.0.0.1:${var.container_port}/metrics" },
        { name = "SIDECAR_INTERVAL_SECONDS", value = "10" },
        { name = "SIDECAR_NAMESPACE", value = var.namespace },
        { name = "SIDECAR_DIMENSIONS", value = jsonencode(local.dimensions) },
      ]
    },
  ])
}

resource "aws_ecs_service" "this" {
  name                               = var.name
  cluster                            = aws_ecs_cluster.this.id
  task_definition                    = aws_ecs_task_definition.this.arn
  launch_type                        = "FARGATE"
  desired_count                      = var.min_containers
  health_check_grace_period_seconds  = 60
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  enable_execute_command             = true
  enable_ecs_managed_tags            = true
  propagate_tags                     = "SERVICE"
  wait_for_steady_state              = true

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets         = var.subnet_ids
    security_groups = [var.security_group_id]
  }

  load_balancer {
    target_group_arn = var.target_group_arn
    container_name   = local.container
    container_port   = var.container_port
  }

  # From the first day on it belongs to the scaling.
  lifecycle {
    ignore_changes = [desired_count]
  }

  depends_on = [aws_ecs_cluster_capacity_providers.this]
}

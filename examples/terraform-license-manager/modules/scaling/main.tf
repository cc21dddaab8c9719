# How many containers there are. Up: by policies. Down: by a function, since the container that goes is to be shut down, not just stopped.

data "aws_caller_identity" "me" {}

data "aws_region" "here" {}

locals {
  function = "${var.name}-scale-down"
  here     = "${data.aws_region.here.name}:${data.aws_caller_identity.me.account_id}"
}

resource "aws_appautoscaling_target" "this" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${var.cluster_name}/${var.service_name}"
  min_capacity       = var.containers.min
  max_capacity       = var.containers.max
}

resource "aws_appautoscaling_policy" "scale_out" {
  name               = "${var.name}-scale-out"
  policy_type        = "StepScaling"
  service_namespace  = aws_appautoscaling_target.this.service_namespace
  scalable_dimension = aws_appautoscaling_target.this.scalable_dimension
  resource_id        = aws_appautoscaling_target.this.resource_id

  step_scaling_policy_configuration {
    adjustment_type         = "ChangeInCapacity"
    cooldown                = 120
    metric_aggregation_type = "Maximum"

    step_adjustment {
      metric_interval_lower_bound = 0
      scaling_adjustment          = 1
    }
  }
}

resource "aws_appautoscaling_policy" "cpu" {
  name               = "${var.name}-cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this.service_namespace
  scalable_dimension = aws_appautoscaling_target.this.scalable_dimension
  resource_id        = aws_appautoscaling_target.this.resource_id

  target_tracking_scaling_policy_configuration {
    target_value     = 75
    disable_scale_in = true

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}

resource "aws_cloudwatch_log_group" "scale_down" {
  name              = "/aws/lambda/${local.function}"
  retention_in_days = 30
}

resource "aws_lambda_function" "scale_down" {
  function_name                  = local.function
  description                    = "Shuts a container of ${var.service_name} down that has little to do"
  role                           = aws_iam_role.scale_down.arn
  filename                       = "${path.root}/build/scale-down.zip"
  source_code_hash               = filebase64sha256("${path.root}/build/scale-down.zip")
  runtime                        = "nodejs22.x"
  handler                        = "index.handler"
  memory_size                    = 256
  timeout                        = 900
  reserved_concurrent_executions = 1

  environment {
    variables = {
      SETTINGS = jsonencode({
        cluster   = var.cluster_name
        service   = var.service_name
        container = var.container
        command   = "lm down"
        namespace = var.namespace
        metric    = "LicensesInUse"
        below     = var.licenses.below
        above     = var.licenses.above
        drain_s   = var.drain_seconds
        alarmName = var.alarm_name
        topicArn  = var.topic_arn
      })
    }
  }

  depends_on = [aws_cloudwatch_log_group.scale_down, aws_iam_role_policy.scale_down]
}

# The rules call it again soon enough.
resource "aws_lambda_function_event_invoke_config" "scale_down" {
  function_name                = aws_lambda_function.scale_down.function_name
  maximum_event_age_in_seconds = 300
  maximum_retry_attempts       = 0
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "scale_down" {
  name               = local.function
  description        = "What ${local.function} may do"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "scale_down" {
  name   = "own"
  role   = aws_iam_role.scale_down.id
  policy = data.aws_iam_policy_document.scale_down.json
}

data "aws_iam_policy_document" "scale_down" {
  statement {
    sid       = "WriteLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.scale_down.arn}:*"]
  }

  statement {
    sid       = "SetTheCount"
    actions   = ["ecs:DescribeServices", "ecs:UpdateService"]
    resources = ["arn:aws:ecs:${local.here}:service/${var.cluster_name}/${var.service_name}"]
  }

  statement {
    sid       = "SeeFigures"
    actions   = ["cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData", "application-autoscaling:DescribeScalableTargets"]
    resources = ["*"]
  }

  statement {
    sid       = "ListTasks"
    actions   = ["ecs:ListTasks"]
    resources = ["*"]

    condition {
      test     = "ArnEquals"
      variable = "ecs:cluster"
      values   = [var.cluster_arn]
    }
  }

  statement {
    sid       = "SeeAndProtectTasks"
    actions   = ["ecs:DescribeTasks", "ecs:UpdateTaskProtection"]
    resources = ["arn:aws:ecs:${local.here}:task/${var.cluster_name}/*"]
  }

  statement {
    sid       = "ShutDownTheApplication"
    actions   = ["ecs:ExecuteCommand"]
    resources = [var.cluster_arn, "arn:aws:ecs:${local.here}:task/${var.cluster_name}/*"]

    condition {
      test     = "StringEquals"
      variable = "ecs:container-name"
      values   = [var.container]
    }
  }

  statement {
    sid       = "Mail"
    actions   = ["sns:Publish"]
    resources = [var.topic_arn]
  }
}

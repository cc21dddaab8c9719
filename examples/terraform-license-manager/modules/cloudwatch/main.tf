# What is watched, and what happens then: a dashboard, alarms, rules and their targets.

locals {
  dimensions = { ClusterName = var.cluster_name, ServiceName = var.service_name }
  service    = ["ClusterName", var.cluster_name, "ServiceName", var.service_name]
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name
  dashboard_body = jsonencode({
    widgets = [
      {
        type   = "metric"
        x      = 0
        y      = 0
        width  = 12
        height = 6
        properties = {
          title   = "Licences in use, of the container with most and with least"
          region  = var.region
          view    = "timeSeries"
          period  = 60
          metrics = [for stat in ["Maximum", "Minimum"] : concat([var.namespace, "LicensesInUse"], local.service, [{ stat = stat }])]
          annotations = {
            horizontal = [
              { label = "one more", value = var.licenses.above },
              { label = "one less", value = var.licenses.below },
            ]
          }
        }
      },
      {
        type   = "metric"
        x      = 12
        y      = 0
        width  = 12
        height = 6
        properties = {
          title   = "CPU and memory"
          region  = var.region
          view    = "timeSeries"
          period  = 60
          metrics = [for metric in ["CPUUtilization", "MemoryUtilization"] : concat(["AWS/ECS", metric], local.service)]
        }
      },
    ]
  })
}

resource "aws_cloudwatch_metric_alarm" "upper" {
  alarm_name          = "${var.name}-a-container-is-full"
  alarm_description   = "A container has more than ${var.licenses.above} licences: one more is started"
  namespace           = var.namespace
  metric_name         = "LicensesInUse"
  dimensions          = local.dimensions
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.licenses.above
  alarm_actions       = [var.scale_out_arn, var.topic_arn]
}

resource "aws_cloudwatch_metric_alarm" "lower" {
  alarm_name          = var.lower_alarm
  alarm_description   = "A container has fewer than ${var.licenses.below} licences: one goes"
  namespace           = var.namespace
  metric_name         = "LicensesInUse"
  dimensions          = local.dimensions
  statistic           = "Minimum"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "LessThanThreshold"
  threshold           = var.licenses.below
}

resource "aws_cloudwatch_metric_alarm" "server_errors" {
  alarm_name          = "${var.name}-server-errors"
  alarm_description   = "The load balancer itself answers with 5xx"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "HTTPCode_ELB_5XX_Count"
  dimensions          = { LoadBalancer = var.load_balancer }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = 10
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.topic_arn]
}

# An alarm tells when it goes off, and not that it stays on: therefore the second rule.
locals {
  rules = {
    lower-alarm = {
      description = "When a container has little to do"
      schedule    = null
      pattern = jsonencode({
        source      = ["aws.cloudwatch"]
        detail-type = ["CloudWatch Alarm State Change"]
        detail      = { alarmName = [var.lower_alarm], state = { value = ["ALARM"] } }
      })
    }
    still-low = {
      description = "While a container has little to do"
      schedule    = "rate(5 minutes)"
      pattern     = null
    }
  }
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each = local.rules

  name                = "${var.name}-${each.key}"
  description         = each.value.description
  schedule_expression = each.value.schedule
  event_pattern       = each.value.pattern
}

resource "aws_cloudwatch_event_target" "scale_down" {
  for_each = local.rules

  rule      = aws_cloudwatch_event_rule.this[each.key].name
  target_id = "scale-down"
  arn       = var.scale_down_arn
}

resource "aws_lambda_permission" "scale_down" {
  for_each = local.rules

  statement_id  = each.key
  action        = "lambda:InvokeFunction"
  function_name = var.scale_down_function
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.this[each.key].arn
}

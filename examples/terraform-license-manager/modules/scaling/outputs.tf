output "scale_out_policy_arn" {
  value = aws_appautoscaling_policy.scale_out.arn
}

output "scale_down_arn" {
  value = aws_lambda_function.scale_down.arn
}

output "scale_down_function" {
  value = aws_lambda_function.scale_down.function_name
}

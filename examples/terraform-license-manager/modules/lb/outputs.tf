output "dns_name" {
  value = aws_lb.this.dns_name
}

output "load_balancer" {
  description = "As the dimension of its metrics has it"
  value       = aws_lb.this.arn_suffix
}

# A service can only use the group once a listener does.
output "target_group_arn" {
  value      = aws_lb_target_group.this.arn
  depends_on = [aws_lb_listener.http]
}

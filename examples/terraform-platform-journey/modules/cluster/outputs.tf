output "name" {
  value = aws_ecs_cluster.this.name
}

output "services" {
  value = sort([for service in aws_ecs_service.this : service.name])
}

output "dns_name" {
  description = "Where the load balancer answers"
  value       = module.lb.dns_name
}

output "cluster" {
  value = module.ecs.cluster_name
}

output "service" {
  value = module.ecs.service_name
}

output "dashboard" {
  value = module.cloudwatch.dashboard
}

output "search_endpoint" {
  value = one(module.search[*].endpoint)
}

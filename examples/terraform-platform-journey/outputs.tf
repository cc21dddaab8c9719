output "cluster" {
  value = module.cluster.name
}

output "services" {
  value = module.cluster.services
}

output "instance_id" {
  value = module.instance.id
}

output "address" {
  value = module.instance.address
}

output "volume_id" {
  value = module.storage.volume_id
}

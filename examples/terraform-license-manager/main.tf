# The platform of the licence manager. Each module hands on what the next ones need.

module "network" {
  source = "./modules/network"

  name           = var.name
  cidr           = var.cidr
  zones          = var.zones
  container_port = var.container_port
}

module "notifications" {
  source = "./modules/notifications"

  name  = var.name
  email = var.alert_email
}

module "s3" {
  source = "./modules/s3"

  name = var.name
}

module "search" {
  source = "./modules/search"
  count  = var.search ? 1 : 0

  name       = var.name
  vpc_id     = module.network.vpc_id
  cidr       = var.cidr
  subnet_ids = module.network.private_subnet_ids
}

module "ecr" {
  source = "./modules/ecr"

  name = var.name
  push = var.push
  images = {
    app     = abspath("${path.root}/../license-manager/app")
    metrics = abspath("${path.root}/build/sidecar")
  }
}

module "lb" {
  source = "./modules/lb"

  name              = var.name
  vpc_id            = module.network.vpc_id
  subnet_ids        = module.network.public_subnet_ids
  security_group_id = module.network.lb_security_group_id
  container_port    = var.container_port
  drain_seconds     = var.drain_seconds
}

module "iam" {
  source = "./modules/iam"

  name             = var.name
  namespace        = local.namespace
  bucket_arn       = module.s3.bucket_arn
  repository_arns  = module.ecr.repository_arns
  search_arn       = one(module.search[*].arn)
  signing_key_path = local.signing_key_path
}

module "ecs" {
  source = "./modules/ecs"

  name               = var.name
  namespace          = local.namespace
  images             = module.ecr.images
  execution_role_arn = module.iam.execution_role_arn
  task_role_arn      = module.iam.task_role_arn
  subnet_ids         = module.network.private_subnet_ids
  security_group_id  = module.network.service_security_group_id
  target_group_arn   = module.lb.target_group_arn
  container_port     = var.container_port
  min_containers     = var.containers.min
  signing_key        = var.signing_key
  signing_key_path   = local.signing_key_path
  environment = {
    FILES_BUCKET    = module.s3.bucket
    SEARCH_ENDPOINT = coalesce(one(module.search[*].endpoint), "none")
  }
}

module "scaling" {
  source = "./modules/scaling"

  name          = var.name
  namespace     = local.namespace
  cluster_name  = module.ecs.cluster_name
  cluster_arn   = module.ecs.cluster_arn
  service_name  = module.ecs.service_name
  container     = module.ecs.container
  containers    = var.containers
  licenses      = var.licenses
  drain_seconds = var.drain_seconds
  alarm_name    = local.lower_alarm
  topic_arn     = module.notifications.topic_arn
}

module "cloudwatch" {
  source = "./modules/cloudwatch"

  name                = var.name
  region              = var.region
  namespace           = local.namespace
  cluster_name        = module.ecs.cluster_name
  service_name        = module.ecs.service_name
  load_balancer       = module.lb.load_balancer
  licenses            = var.licenses
  lower_alarm         = local.lower_alarm
  scale_out_arn       = module.scaling.scale_out_policy_arn
  scale_down_arn      = module.scaling.scale_down_arn
  scale_down_function = module.scaling.scale_down_function
  topic_arn           = module.notifications.topic_arn
}

locals {
  namespace        = "LicenseManager"
  lower_alarm      = "${var.name}-a-container-is-idle"
  signing_key_path = "/${var.name}/signing-key"
}

# One instance, and on it a cluster with three services: a blog, an API and the reverse proxy before them.

module "network" {
  source = "./modules/network"

  name       = var.name
  cidr       = var.cidr
  admin_cidr = var.admin_cidr
}

module "storage" {
  source = "./modules/storage"

  name              = var.name
  cluster_name      = local.cluster_name
  availability_zone = module.network.availability_zone
  volume_gib        = var.volume_gib
}

module "instance" {
  source = "./modules/instance"

  name              = var.name
  instance_type     = var.instance_type
  subnet_id         = module.network.subnet_id
  security_group_id = module.network.security_group_id
  public_key        = var.public_key
  volume_id         = module.storage.volume_id
  config_bucket     = module.storage.bucket
  config_bucket_arn = module.storage.bucket_arn
  config_key        = module.storage.config_key
}

module "cluster" {
  source = "./modules/cluster"

  name = local.cluster_name
  services = {
    blog = {
      image  = "blog:${var.blog_version}"
      port   = 8080
      memory = 128
      data   = false
    }
    api = {
      image  = "api:${var.api_version}"
      port   = 8081
      memory = 128
      data   = false
    }
    # It renews the certificates, which lie on the volume.
    nginx = {
      image  = "public.ecr.aws/docker/library/nginx:1.29"
      port   = 443
      memory = 128
      data   = true
    }
  }
}

locals {
  cluster_name = var.name
}

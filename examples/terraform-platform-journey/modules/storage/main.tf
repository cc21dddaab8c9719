# What outlives the instance: a volume, and the bucket with the agent's configuration.

data "aws_caller_identity" "me" {}

resource "aws_ebs_volume" "data" {
  availability_zone = var.availability_zone
  size              = var.volume_gib
  type              = "gp3"
  encrypted         = true

  tags = { Name = "${var.name}-data" }
}

resource "aws_s3_bucket" "config" {
  bucket        = "${var.name}-config-${data.aws_caller_identity.me.account_id}"
  force_destroy = true
}

resource "aws_s3_bucket_public_access_block" "config" {
  bucket                  = aws_s3_bucket.config.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_object" "ecs_config" {
  bucket  = aws_s3_bucket.config.id
  key     = "ecs.config"
  content = <<-EOT
    ECS_CLUSTER=${var.cluster_name}
    ECS_ENABLE_TASK_IAM_ROLE_NETWORK_HOST=true
  EOT
}

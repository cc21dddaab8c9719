output "volume_id" {
  value = aws_ebs_volume.data.id
}

output "bucket" {
  value = aws_s3_bucket.config.id
}

output "bucket_arn" {
  value = aws_s3_bucket.config.arn
}

output "config_key" {
  value = aws_s3_object.ecs_config.key
}

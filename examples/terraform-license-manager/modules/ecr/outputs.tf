output "images" {
  value = {
    for image in keys(var.images) : image => "${aws_ecr_repository.this[image].repository_url}:${local.tags[image]}"
  }
  depends_on = [terraform_data.image]
}

output "repository_arns" {
  value = [for repository in aws_ecr_repository.this : repository.arn]
}

# A repository for each image, and the images themselves. A tag is what the folder holds, so it never moves.

locals {
  tags = {
    for image, folder in var.images : image => substr(sha256(join("", [
      for file in sort(fileset(folder, "**")) : "${file} ${filesha256("${folder}/${file}")}"
    ])), 0, 12)
  }
}

resource "aws_ecr_repository" "this" {
  for_each = var.images

  name                 = "${var.name}/${each.key}"
  image_tag_mutability = "IMMUTABLE"
  force_delete         = true

  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_ecr_lifecycle_policy" "this" {
  for_each = var.images

  repository = aws_ecr_repository.this[each.key].name
  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "Keep the newest ten"
      selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 10 }
      action       = { type = "expire" }
    }]
  })
}

resource "terraform_data" "image" {
  for_each = var.images

  triggers_replace = "${aws_ecr_repository.this[each.key].repository_url}:${local.tags[each.key]}"

  provisioner "local-exec" {
    command = var.push

    environment = {
      DIRECTORY = each.value
      IMAGE     = "${aws_ecr_repository.this[each.key].repository_url}:${local.tags[each.key]}"
    }
  }
}

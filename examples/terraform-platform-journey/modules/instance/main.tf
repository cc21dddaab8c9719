# The instance: the image that AWS makes for ECS, told which cluster it belongs to, with the volume and a fixed address.

data "aws_ssm_parameter" "image" {
  name = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "this" {
  name               = "${var.name}-instance"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachment" "ecs" {
  role       = aws_iam_role.this.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
}

resource "aws_iam_role_policy" "config" {
  name   = "config"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.config.json
}

data "aws_iam_policy_document" "config" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${var.config_bucket_arn}/${var.config_key}"]
  }
}

resource "aws_iam_instance_profile" "this" {
  name = "${var.name}-instance"
  role = aws_iam_role.this.name
}

resource "aws_key_pair" "this" {
  key_name   = var.name
  public_key = var.public_key
}

resource "aws_instance" "this" {
  ami                    = data.aws_ssm_parameter.image.insecure_value
  instance_type          = var.instance_type
  subnet_id              = var.subnet_id
  vpc_security_group_ids = [var.security_group_id]
  key_name               = aws_key_pair.this.key_name
  iam_instance_profile   = aws_iam_instance_profile.this.name

  user_data = <<-EOT
    #!/bin/bash
    dnf install -y awscli-2
    aws s3 cp s3://${var.config_bucket}/${var.config_key} /etc/ecs/ecs.config
    while [ ! -e /dev/sdf ]; do sleep 1; done
    blkid /dev/sdf || mkfs -t ext4 /dev/sdf
    mkdir -p /mnt/data && mount /dev/sdf /mnt/data
  EOT

  metadata_options {
    http_tokens = "required"
  }

  tags = { Name = var.name }

  depends_on = [aws_iam_role_policy.config, aws_iam_role_policy_attachment.ecs]
}

resource "aws_volume_attachment" "data" {
  device_name = "/dev/sdf"
  volume_id   = var.volume_id
  instance_id = aws_instance.this.id
}

resource "aws_eip" "this" {
  domain   = "vpc"
  instance = aws_instance.this.id

  tags = { Name = var.name }
}

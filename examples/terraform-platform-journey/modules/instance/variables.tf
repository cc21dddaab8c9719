variable "name" {
  type = string
}

variable "instance_type" {
  type = string
}

variable "subnet_id" {
  type = string
}

variable "security_group_id" {
  type = string
}

variable "public_key" {
  type = string
}

variable "volume_id" {
  type = string
}

variable "config_bucket" {
  type = string
}

variable "config_bucket_arn" {
  type = string
}

variable "config_key" {
  type = string
}

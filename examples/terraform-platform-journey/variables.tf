variable "region" {
  type    = string
  default = "us-east-1"
}

variable "name" {
  description = "What everything is named after"
  type        = string
  default     = "platform-journey"
}

variable "cidr" {
  type    = string
  default = "10.1.0.0/16"
}

variable "instance_type" {
  type    = string
  default = "t3.small"
}

variable "volume_gib" {
  description = "The size of the volume that outlives the instance"
  type        = number
  default     = 20
}

variable "public_key" {
  description = "Whose ssh key the instance knows (a line as in ~/.ssh/id_ed25519.pub)"
  type        = string
}

variable "admin_cidr" {
  description = "From where ssh is allowed"
  type        = string
  default     = "203.0.113.0/24"
}

variable "api_version" {
  type    = string
  default = "1"
}

variable "blog_version" {
  type    = string
  default = "1"
}

variable "name" {
  type = string
}

variable "namespace" {
  type = string
}

variable "images" {
  type = object({ app = string, metrics = string })
}

variable "execution_role_arn" {
  type = string
}

variable "task_role_arn" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "security_group_id" {
  type = string
}

variable "target_group_arn" {
  type = string
}

variable "container_port" {
  type = number
}

variable "min_containers" {
  type = number
}

variable "signing_key" {
  type      = string
  sensitive = true
}

variable "signing_key_path" {
  type = string
}

variable "environment" {
  type = map(string)
}

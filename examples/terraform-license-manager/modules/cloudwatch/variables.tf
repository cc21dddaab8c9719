variable "name" {
  type = string
}

variable "region" {
  type = string
}

variable "namespace" {
  type = string
}

variable "cluster_name" {
  type = string
}

variable "service_name" {
  type = string
}

variable "load_balancer" {
  type = string
}

variable "licenses" {
  type = object({ above = number, below = number })
}

variable "lower_alarm" {
  type = string
}

variable "scale_out_arn" {
  type = string
}

variable "scale_down_arn" {
  type = string
}

variable "scale_down_function" {
  type = string
}

variable "topic_arn" {
  type = string
}

variable "name" {
  type = string
}

variable "namespace" {
  type = string
}

variable "cluster_name" {
  type = string
}

variable "cluster_arn" {
  type = string
}

variable "service_name" {
  type = string
}

variable "container" {
  type = string
}

variable "containers" {
  type = object({ min = number, max = number })
}

variable "licenses" {
  type = object({ above = number, below = number })
}

variable "drain_seconds" {
  type = number
}

variable "alarm_name" {
  description = "The alarm that says that some container has little to do"
  type        = string
}

variable "topic_arn" {
  type = string
}

variable "name" {
  type = string
}

variable "cluster_name" {
  type = string
}

variable "availability_zone" {
  type = string
}

variable "volume_gib" {
  type = number
}

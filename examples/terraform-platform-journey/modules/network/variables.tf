variable "name" {
  type = string
}

variable "cidr" {
  type = string
}

variable "admin_cidr" {
  type = string
}

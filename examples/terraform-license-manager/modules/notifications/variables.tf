variable "name" {
  type = string
}

variable "email" {
  type = string
}

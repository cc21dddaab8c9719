variable "name" {
  type = string
}

variable "services" {
  description = "What runs. An image without a registry is one of our own repositories"
  type = map(object({
    image  = string
    port   = number
    memory = number
    data   = bool
  }))
}

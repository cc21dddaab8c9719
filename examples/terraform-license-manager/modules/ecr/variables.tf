variable "name" {
  type = string
}

variable "images" {
  description = "The folders with a Dockerfile, by the image that is made of each"
  type        = map(string)
}

variable "push" {
  type = string
}

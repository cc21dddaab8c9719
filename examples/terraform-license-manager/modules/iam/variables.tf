variable "name" {
  type = string
}

variable "namespace" {
  type = string
}

variable "bucket_arn" {
  type = string
}

variable "repository_arns" {
  type = list(string)
}

variable "search_arn" {
  description = "null: there is no search domain"
  type        = string
}

variable "signing_key_path" {
  type = string
}

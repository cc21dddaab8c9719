# Asked for when nobody gives them.

variable "alert_email" {
  description = "Who gets the mails?"
  type        = string

  validation {
    condition     = can(regex("^[^@\\s]+@[^@\\s]+$", var.alert_email))
    error_message = "This is not a mail address."
  }
}

# Secret, so neither in a file nor on a command line: TF_VAR_signing_key=$(openssl rand -hex 32)

variable "signing_key" {
  description = "What the licence servers sign licences with, the same for all of them (16 characters or more)"
  type        = string
  sensitive   = true

  validation {
    condition     = length(var.signing_key) >= 16
    error_message = "It must have 16 characters or more."
  }
}

# In terraform.tfvars.

variable "region" {
  type = string
}

variable "name" {
  description = "What everything is named after"
  type        = string
}

variable "cidr" {
  description = "The addresses of the network"
  type        = string
}

variable "zones" {
  description = "Over how many zones the platform is spread"
  type        = number

  validation {
    condition     = var.zones >= 2
    error_message = "A load balancer needs two zones."
  }
}

variable "container_port" {
  type = number
}

variable "containers" {
  description = "How many licence servers there are at least and at most"
  type        = object({ min = number, max = number })
}

variable "licenses" {
  description = "Above how many licences in one container another one starts, and below how many one goes"
  type        = object({ above = number, below = number })
}

variable "drain_seconds" {
  description = "How long a container that goes may take until its clients have left"
  type        = number
}

variable "search" {
  description = "Whether there is a search domain"
  type        = bool
}

# How the two images get into the registry: a command that is told DIRECTORY and IMAGE in its environment.

variable "push" {
  description = "Builds the folder $DIRECTORY and pushes it as $IMAGE"
  type        = string
  default     = "npx rockpool push \"$DIRECTORY\" \"$IMAGE\""
}

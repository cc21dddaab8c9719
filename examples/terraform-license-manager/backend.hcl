bucket = "license-manager-terraform-state"
region = "us-east-1"

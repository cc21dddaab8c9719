region         = "us-east-1"
name           = "license-manager"
cidr           = "10.0.0.0/16"
zones          = 2
container_port = 8080
containers     = { min = 1, max = 6 }
licenses       = { above = 80, below = 20 }
drain_seconds  = 120
search         = true

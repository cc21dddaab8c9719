output "endpoint" {
  value = aws_opensearch_domain.this.endpoint
}

output "arn" {
  value = aws_opensearch_domain.this.arn
}

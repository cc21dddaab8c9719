output "id" {
  value = aws_instance.this.id
}

output "address" {
  value = aws_eip.this.public_ip
}

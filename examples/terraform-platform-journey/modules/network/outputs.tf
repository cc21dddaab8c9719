output "subnet_id" {
  value      = aws_subnet.public.id
  depends_on = [aws_route_table_association.public]
}

output "availability_zone" {
  value = aws_subnet.public.availability_zone
}

output "security_group_id" {
  value = aws_security_group.this.id
}

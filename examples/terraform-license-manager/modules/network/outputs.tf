output "vpc_id" {
  value = aws_vpc.this.id
}

output "public_subnet_ids" {
  value = aws_subnet.public[*].id
}

# The containers in them need the way out, so whoever uses them waits for it.
output "private_subnet_ids" {
  value      = aws_subnet.private[*].id
  depends_on = [aws_route.nat, aws_route_table_association.private]
}

output "lb_security_group_id" {
  value = aws_security_group.lb.id
}

output "service_security_group_id" {
  value = aws_security_group.service.id
}

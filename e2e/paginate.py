"""Walks boto3's paginators in the smallest pages and tells, as JSON, what they found: {name: {"pages", "items"}}."""

import json
import sys

import boto3

endpoint, cluster, stack, log_group, bucket = sys.argv[1:]

walks = {
    "ecs.list_tasks": ("taskArns", {"cluster": cluster, "PaginationConfig": {"PageSize": 1}}),
    "cloudformation.describe_stack_events": ("StackEvents", {"StackName": stack}),
    "cloudformation.list_stack_resources": ("StackResourceSummaries", {"StackName": stack}),
    "cloudwatch.describe_alarms": ("MetricAlarms", {"PaginationConfig": {"PageSize": 1}}),
    "cloudwatch.list_metrics": ("Metrics", {"Namespace": "LicenseManager"}),
    "elbv2.describe_target_groups": ("TargetGroups", {"PaginationConfig": {"PageSize": 1}}),
    "logs.filter_log_events": ("events", {"logGroupName": log_group, "PaginationConfig": {"PageSize": 1}}),
    "iam.list_roles": ("Roles", {"PaginationConfig": {"PageSize": 2}}),
    "s3.list_objects_v2": ("Contents", {"Bucket": bucket, "PaginationConfig": {"PageSize": 3}}),
}

found = {}
for name, (member, arguments) in walks.items():
    service, operation = name.split(".")
    pages = list(boto3.client(service, endpoint_url=endpoint).get_paginator(operation).paginate(**arguments))
    items = [json.dumps(item, default=str, sort_keys=True) for page in pages for item in page.get(member, [])]
    found[name] = {"pages": len(pages), "items": len(items), "different": len(set(items))}
print(json.dumps(found))

"""Writes AWS's own policies about the services that matter here, one a line: `python3 packages/engine/scripts/generate-managed-policies.py`

AWS publishes them through iam:GetPolicyVersion; moto (Apache-2.0) carries what that answers. Needed only to bring the file up to date.
"""

import json
import pathlib
import re

from moto.iam.aws_managed_policies import aws_managed_policies_data

about = re.compile(
    "ECS|EC2|Lambda|CloudFormation|CloudWatch|S3|SNS|SQS|SSM|ECR|ContainerRegistry|Logs|EventBridge|AutoScaling|ElasticLoadBalancing|IAM"
    "|ReadOnlyAccess$|PowerUser|Administrator|SecretsManager|KeyManagement|DynamoDB|Route53|Certificate|OpenSearch|Elasticsearch"
    "|ElasticFileSystem|CodeDeploy|CodeBuild|CodePipeline|ViewOnly|SecurityAudit|XRay|Backup|ServiceDiscovery|CloudMap"
)
target = pathlib.Path(__file__).parent / "../src/services/iam/generated/aws-managed-policies.jsonl"
policies = json.loads(aws_managed_policies_data)
lines = [
    json.dumps([policy["Path"][1:] + name, policy["DefaultVersionId"], policy["Document"]], separators=(",", ":"))
    for name, policy in sorted(policies.items())
    if about.search(name)
]
target.write_text("\n".join(lines) + "\n")
print(f"{len(lines)} of {len(policies)} policies")

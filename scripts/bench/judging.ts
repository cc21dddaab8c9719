import { authorizer } from '../../packages/engine/src/authorization/authorizer.ts';
import { credentials } from '../../packages/engine/src/kernel/caller.ts';
import { identityOf } from '../../packages/engine/src/services/iam/identity-policies.ts';
import { iam } from '../../packages/engine/src/services/iam/index.ts';
import { sts } from '../../packages/engine/src/services/sts/index.ts';
import { startLab } from '../../packages/engine/src/testing/lab.ts';
import { presentedSignature, verifySignatureV4 } from '../../packages/engine/src/wire/sigv4.ts';
import { signRequest } from '../../packages/engine/src/wire/testing/sign-request.ts';
import { atMost, median, type Row } from './row.ts';

const requests = 3000;
const account = '000000000000';
const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });

/** What it takes to believe a request of a role and to let it through: its signature, and a dozen statements in three policies. */
export function judging(): Row[] {
  const lab = startLab({ services: () => [sts(), iam()] });
  const trust = document({ Effect: 'Allow', Principal: { AWS: account }, Action: 'sts:AssumeRole' });
  lab.iam.createRole({ RoleName: 'app', AssumeRolePolicyDocument: trust });
  for (let policy = 0; policy < 3; policy++)
    lab.iam.putRolePolicy({
      RoleName: 'app',
      PolicyName: `p${policy}`,
      PolicyDocument: document(...statements(policy)),
    });
  const session = { RoleArn: `arn:aws:iam::${account}:role/app`, RoleSessionName: 'bench' };
  const { Credentials } = lab.sts.assumeRole(session);
  const issued = lab.context.store.table(credentials).get(Credentials?.AccessKeyId ?? '');
  if (!issued) throw new Error('no session was issued');
  const asRole = lab.kernel.context(lab.context.scope, issued.caller);
  const authorize = authorizer({ identityOf });
  const input = { cluster: 'main', service: 'web', desiredCount: 3 };
  const request = signedRequest(JSON.stringify(input), issued);
  const taken = Array.from({ length: requests }, () => {
    const began = performance.now();
    const presented = presentedSignature(request);
    if (presented === 'incomplete' || presented?.version !== 4) throw new Error('the signature cannot be read');
    if (!verifySignatureV4(request, presented, issued.secretAccessKey)) throw new Error('the signature is wrong');
    if (authorize({ service: 'ecs', operation: 'UpdateService', input }, asRole))
      throw new Error('the request is refused');
    return performance.now() - began;
  });
  return [atMost('signature and policies of a request by a role', median(taken.slice(requests / 3)), 0.15, 'ms')];
}

function signedRequest(
  body: string,
  { accessKeyId, secretAccessKey }: { accessKeyId: string; secretAccessKey: string },
) {
  const asked = { method: 'POST', path: '/', host: '127.0.0.1', body, service: 'ecs', region: 'us-east-1' };
  const headers = signRequest({ ...asked, accessKeyId, secretAccessKey });
  return { method: 'POST', path: '/', query: '', headers: { ...headers, host: '127.0.0.1' }, body: Buffer.from(body) };
}

const statements = (policy: number): object[] => [
  { Effect: 'Allow', Action: ['s3:Get*', 's3:List*'], Resource: ['arn:aws:s3:::files', 'arn:aws:s3:::files/*'] },
  {
    Effect: 'Allow',
    Action: 'cloudwatch:PutMetricData',
    Resource: '*',
    Condition: { StringEquals: { 'cloudwatch:namespace': `App${policy}` } },
  },
  {
    Effect: 'Allow',
    Action: 'ecs:UpdateService',
    Resource: `arn:aws:ecs:*:${account}:service/main/*`,
    Condition: { ArnEquals: { 'ecs:cluster': `arn:aws:ecs:us-east-1:${account}:cluster/main` } },
  },
  { Effect: 'Deny', Action: 'iam:*', Resource: '*' },
];

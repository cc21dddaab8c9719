import { zipSync } from 'fflate';

/**
 * CloudFormation writes inline source into the one file that its handler can name, and gives sources that ask for it the module by which custom
 * resources answer (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html).
 */
export function zipInlineCode(source: string, runtime: string): Uint8Array {
  const isPython = runtime.startsWith('python');
  const asksForAnswer = /cfn-?response/.test(source);
  const files = {
    [isPython ? 'index.py' : 'index.js']: source,
    ...(asksForAnswer && isPython ? { 'cfnresponse.py': pythonModule } : {}),
    ...(asksForAnswer && !isPython ? { 'cfn-response.js': nodeModule } : {}),
  };
  const entries = Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]);
  // The same source gives the same zip: its files carry no time of their own.
  return zipSync(Object.fromEntries(entries), { mtime: Date.UTC(1980, 0, 2) });
}

const nodeModule = `exports.SUCCESS = 'SUCCESS';
exports.FAILED = 'FAILED';
exports.send = async (event, context, status, data, physicalId, noEcho) => {
  const body = JSON.stringify({
    Status: status,
    Reason: 'See the details in CloudWatch Log Stream: ' + context.logStreamName,
    PhysicalResourceId: physicalId || context.logStreamName,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    NoEcho: noEcho || false,
    Data: data,
  });
  await fetch(event.ResponseURL, { method: 'PUT', headers: { 'content-type': '' }, body });
  if (context.done) context.done();
};
`;

const pythonModule = `import json
import urllib.request

SUCCESS = "SUCCESS"
FAILED = "FAILED"


def send(event, context, responseStatus, responseData, physicalResourceId=None, noEcho=False, reason=None):
    body = json.dumps(
        {
            "Status": responseStatus,
            "Reason": reason or f"See the details in CloudWatch Log Stream: {context.log_stream_name}",
            "PhysicalResourceId": physicalResourceId or context.log_stream_name,
            "StackId": event["StackId"],
            "RequestId": event["RequestId"],
            "LogicalResourceId": event["LogicalResourceId"],
            "NoEcho": noEcho,
            "Data": responseData,
        }
    ).encode()
    request = urllib.request.Request(event["ResponseURL"], data=body, method="PUT", headers={"content-type": ""})
    urllib.request.urlopen(request).close()
`;

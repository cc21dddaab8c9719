// Code that was written for AWS answers CloudFormation by https on its own port, whatever the response address says: AWS's cfn-response and the
// CDK's handlers take only host and path from it. Such a request is sent to the engine, which the address is one of.
import { createRequire, syncBuiltinESMExports } from 'node:module';

const answerPath = /^\/cloudformation-(custom-resource-response|waitcondition)-/;

/** Makes `https.request` and `https.get` understand the addresses of the engine at `endpoint`. */
export function takeAnswerAddresses(endpoint) {
  const engine = URL.canParse(endpoint ?? '') ? new URL(endpoint) : undefined;
  if (engine?.protocol !== 'http:') return;
  const load = createRequire(import.meta.url);
  const https = load('node:https');
  const { request } = https;
  https.request = (...given) => {
    const [options, callback] = asked(given);
    const host = options.hostname ?? String(options.host ?? '').replace(/:\d+$/, '');
    if (host !== engine.hostname || !answerPath.test(options.path ?? '')) return request(...given);
    const { agent: _, ...plain } = options;
    return load('node:http').request({ ...plain, protocol: 'http:', host, port: engine.port || 80 }, callback);
  };
  https.get = (...given) => {
    const sent = https.request(...given);
    sent.end();
    return sent;
  };
  syncBuiltinESMExports();
}

/** The forms in which it may be called: options, or a URL with or without them. */
function asked(given) {
  const [first, second, third] = given;
  if (typeof first !== 'string' && !(first instanceof URL)) return [first ?? {}, second];
  const { hostname, port, pathname, search } = new URL(first);
  const options = typeof second === 'object' ? second : {};
  return [{ hostname, port, path: pathname + search, ...options }, typeof second === 'function' ? second : third];
}

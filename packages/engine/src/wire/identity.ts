import { type Caller, type Credential, credentials, rootCaller } from '../kernel/caller.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Scope } from '../kernel/scope.ts';
import { bucketOfHost } from './bucket-host.ts';
import { chunksAreSigned } from './chunk-signatures.ts';
import { header, type WireRequest } from './message.ts';
import { type SignatureRefusals, signatureRefusals, skew_max_ms } from './signature-refusals.ts';
import {
  bodyMatches,
  type Presented,
  type SignatureV2,
  type SignatureV4,
  verifySignatureV2,
  verifySignatureV4,
} from './sigv4.ts';
import type { Target } from './target.ts';

/** Who asks, and in which account and region. */
export interface Identity {
  readonly caller: Caller;
  readonly scope: Scope;
}

export const defaultAccount = '000000000000';
export const defaultRegion = 'us-east-1';

/** What bears no signature on AWS either: the token is the proof. */
const unsignedOperations = new Set([
  'AssumeRoleWithWebIdentity',
  'AssumeRoleWithSAML',
  'ConfirmSubscription',
  'Unsubscribe',
]);

/** The keys of an account's root: `test`, or for an account of one's choice its twelve digits, both with this secret. */
const rootSecret = 'test';
const rootKey = /^(?:test|\d{12})$/;

/**
 * The caller of a request, whose signature is verified: a key that the engine has issued stands for whom it was issued to, an account's root
 * has keys that everybody knows, any other key is refused.
 */
export function identify(
  request: WireRequest,
  presented: Presented | 'incomplete' | undefined,
  target: Target,
  { kernel, account: home }: { readonly kernel: Kernel; readonly account: string },
): Identity {
  const refuse = signatureRefusals(target.protocol.name);
  if (presented === 'incomplete') throw refuse.incomplete();
  if (!presented) {
    if (!unsignedOperations.has(target.operation ?? '')) throw refuse.missing();
    return { caller: rootCaller(home), scope: { account: home, region: defaultRegion } };
  }
  const region = regionOf(presented);
  const credential = credentialOf(presented.accessKeyId, { kernel, account: home });
  if (!credential) throw refuse.unknownKey();
  verify(request, presented, credential, kernel, refuse);
  const { caller, accessKeyId } = credential;
  return { caller: { ...caller, accessKeyId }, scope: { account: caller.account, region } };
}

/** Whom an access key stands for, with its secret: one that the engine has issued, or an account's root. */
export function credentialOf(
  accessKeyId: string,
  { kernel, account: home }: { readonly kernel: Kernel; readonly account: string },
): Credential | undefined {
  const { store } = kernel.in({ account: home, region: defaultRegion });
  const issued = store.table(credentials).get(accessKeyId);
  if (issued || !rootKey.test(accessKeyId)) return issued;
  const account = accessKeyId === 'test' ? home : accessKeyId;
  return { accessKeyId, secretAccessKey: rootSecret, caller: rootCaller(account) };
}

/** Global services sign for `aws-global` in some SDKs; their rows know no region. */
const regionOf = (presented: Presented): string =>
  presented.version === 2 || presented.region === 'aws-global' ? defaultRegion : presented.region;

function verify(
  request: WireRequest,
  presented: Presented,
  issued: Credential,
  kernel: Kernel,
  refuse: SignatureRefusals,
): void {
  if (isOver(issued.expiration, kernel)) throw refuse.expired();
  if ((issued.sessionToken ?? '') !== (presented.sessionToken ?? '') && issued.caller.kind !== 'root')
    throw refuse.invalidToken();
  if (presented.version === 2) verifyV2(request, presented, issued, kernel, refuse);
  else if (!presented.asymmetric) verifyV4(request, presented, issued, kernel, refuse);
}

function verifyV4(
  request: WireRequest,
  presented: SignatureV4,
  issued: Credential,
  kernel: Kernel,
  refuse: SignatureRefusals,
): void {
  if (!verifySignatureV4(request, presented, issued.secretAccessKey) || !bodyMatches(request)) throw refuse.mismatch();
  if (isChunkSigned(request) && !chunksAreSigned(request.body, presented, issued.secretAccessKey))
    throw refuse.mismatch();
  if (presented.expires_s === undefined) requireFresh(presented, refuse);
  if (presented.expires_s !== undefined && hasPassed(signedAt(presented) + presented.expires_s * 1000, kernel))
    throw refuse.requestExpired();
}

const isChunkSigned = (request: WireRequest): boolean =>
  header(request, 'x-amz-content-sha256')?.startsWith('STREAMING-AWS4-HMAC-SHA256-PAYLOAD') ?? false;

/** Clients sign by the wall's clock, however fast the platform's time runs, so it is the wall's clock that says how old a signature is. */
function requireFresh(presented: SignatureV4, refuse: SignatureRefusals): void {
  const now = Date.now();
  const time = signedAt(presented);
  if (Number.isNaN(time)) throw refuse.unreadableTime(presented.time);
  if (time < now - skew_max_ms) throw refuse.expiredSignature(presented.time, now);
  if (time > now + skew_max_ms) throw refuse.futureSignature(presented.time, now);
}

function verifyV2(
  request: WireRequest,
  presented: SignatureV2,
  { secretAccessKey }: Credential,
  kernel: Kernel,
  refuse: SignatureRefusals,
): void {
  const bucket = bucketOfHost(request);
  const resource = (bucket ? `/${bucket}` : '') + request.path;
  if (!verifySignatureV2(request, presented, { secretAccessKey, resource })) throw refuse.mismatch();
  if (hasPassed(presented.expires * 1000, kernel)) throw refuse.requestExpired();
}

/** Milliseconds of `20260105T090000Z`; NaN where it is no time. */
function signedAt({ time }: SignatureV4): number {
  if (time.length !== 16 || time[8] !== 'T' || time[15] !== 'Z') return Number.NaN;
  const number = (start: number, end: number) => Number(time.slice(start, end));
  return Date.UTC(
    ...([number(0, 4), number(4, 6) - 1, number(6, 8)] as const),
    ...([number(9, 11), number(11, 13), number(13, 15)] as const),
  );
}

/**
 * Clients sign, and renew their sessions, by the wall's clock. It says nothing about an engine whose time runs faster, where nothing of
 * theirs runs out. Under the virtual clock sessions run out by it, but signatures, made by the wall's clock, do not.
 */
const hasPassed = (time_ms: number, kernel: Kernel): boolean =>
  kernel.options.clock.speed === 1 && !(kernel.now() <= time_ms);

const isOver = (expiration: number | undefined, kernel: Kernel): boolean =>
  expiration !== undefined &&
  (hasPassed(expiration, kernel) ||
    (kernel.options.clock.speed === Number.POSITIVE_INFINITY && expiration <= kernel.now()));

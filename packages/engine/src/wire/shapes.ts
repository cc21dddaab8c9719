/** What a schema says about a shape or a member beside its kind: its names and places on the wire. Smithy's trait names. */
export interface Traits {
  /** Method, URI template, status of success. */
  readonly http?: readonly [string, string, number];
  readonly httpLabel?: 1;
  readonly httpQuery?: string;
  readonly httpQueryParams?: 1;
  readonly httpHeader?: string;
  readonly httpPrefixHeaders?: string;
  readonly httpPayload?: 1;
  readonly httpResponseCode?: 1;
  readonly jsonName?: string;
  readonly xmlName?: string;
  readonly xmlFlattened?: 1;
  readonly xmlAttribute?: 1;
  /** Prefix (may be undefined) and URI. */
  readonly xmlNamespace?: readonly [string | undefined, string];
  readonly ec2QueryName?: string;
  readonly mediaType?: string;
  readonly streaming?: 1;
  readonly eventHeader?: 1;
  readonly eventPayload?: 1;
  readonly idempotencyToken?: 1;
  readonly sensitive?: 1;
  readonly endpoint?: readonly [string];
  readonly error?: 'client' | 'server';
  readonly httpError?: number;
  /** The code and HTTP status that the awsQuery protocol gives an error. */
  readonly awsQueryError?: readonly [string, number];
}

export type TimestampFormat = 'date-time' | 'http-date' | 'epoch-seconds';

/** A member of a structure, the item of a list, the key or value of a map. Its traits are its own and its shape's, its own first. */
export interface Member {
  readonly name: string;
  readonly shape: Shape;
  readonly traits: Traits;
  readonly required: boolean;
}

/** A shape of an AWS model. `members`, `item`, `key` and `value` are made when first read, since shapes may contain themselves. */
export type Shape = SimpleShape | TimestampShape | BlobShape | ListShape | MapShape | StructureShape;

export interface SimpleShape {
  readonly kind: 'string' | 'boolean' | 'number' | 'document' | 'big-integer' | 'big-decimal';
}

export interface TimestampShape {
  readonly kind: 'timestamp';
  /** Undefined: the protocol's own default. */
  readonly format: TimestampFormat | undefined;
}

export interface BlobShape {
  readonly kind: 'blob';
  readonly streaming: boolean;
}

export interface ListShape {
  readonly kind: 'list';
  readonly item: Member;
}

export interface MapShape {
  readonly kind: 'map';
  readonly key: Member;
  readonly value: Member;
}

/** A structure, union or error; the empty structure where an operation has no input or output. */
export interface StructureShape {
  readonly kind: 'structure';
  readonly name: string;
  readonly traits: Traits;
  readonly union: boolean;
  readonly members: readonly Member[];
  readonly byName: ReadonlyMap<string, Member>;
}

export interface Operation {
  readonly name: string;
  readonly traits: Traits;
  readonly input: StructureShape;
  readonly output: StructureShape;
}

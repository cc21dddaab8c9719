export type SimpleType = 'string' | 'number' | 'integer' | 'boolean' | 'json' | 'tag' | 'date-time';

/** A type in the published schemas, made small. */
export type SchemaType =
  | SimpleType
  | { readonly values: readonly (string | number)[] }
  | { readonly list: SchemaType }
  | { readonly map: SchemaType }
  /** A definition of the resource, by name. */
  | { readonly of: string }
  | { readonly oneOf: readonly SchemaType[] };

export interface PropertySchema {
  readonly type: SchemaType;
  readonly required?: true;
  /** Whether changing it needs a new resource. Left out: no. */
  readonly replaces?: 'yes' | 'maybe';
}

export type PropertySchemas = Readonly<Record<string, PropertySchema>>;

/** What CloudFormation publishes about a resource type: https://github.com/aws-cloudformation/cloudformation-resource-schema */
export interface ResourceSchema {
  readonly type: string;
  readonly properties: PropertySchemas;
  readonly definitions: Readonly<Record<string, PropertySchemas>>;
  /** What `Fn::GetAtt` gives. */
  readonly attributes: Readonly<Record<string, SchemaType>>;
  /** The properties or attributes that identify the resource. */
  readonly identifier?: readonly string[];
  /** The property that carries its tags. */
  readonly tags?: string;
  readonly arn?: string;
  /** Anything more than the declared properties is let through (custom resources). */
  readonly open?: true;
}

import { AwsError } from '../kernel/aws-error.ts';
import type { ServiceName } from '../kernel/service-names.ts';
import type { SdkSchemas } from './sdk-schemas.ts';
import type { Shape, StructureShape } from './shapes.ts';
import { remember } from './tree-codec.ts';

type Path = readonly string[];
/** Adds the paths of the required members that a value lacks. */
type Check = (value: unknown, path: Path, missing: Path[]) => void;

/** Refuses an input that lacks members which the model requires, in the service's words. */
export function checkRequired(schemas: SdkSchemas, input: StructureShape, value: object): void {
  const missing: Path[] = [];
  checkOf(input)?.(value, [], missing);
  if (missing.length > 0) throw refusal(schemas, missing);
}

const checks = new WeakMap<Shape, { readonly check: Check | undefined }>();

/** Undefined where nothing inside is required, so that the big outputs of describing operations are not walked. */
const checkOf = (shape: Shape): Check | undefined => {
  if (shape.kind !== 'structure' && shape.kind !== 'list' && shape.kind !== 'map') return undefined;
  return remember(checks, shape, () => ({ check: requires(shape) ? makeCheck(shape) : undefined })).check;
};

function requires(shape: Shape, seen = new Set<Shape>()): boolean {
  if (seen.has(shape)) return false;
  seen.add(shape);
  if (shape.kind === 'list') return requires(shape.item.shape, seen);
  if (shape.kind === 'map') return requires(shape.value.shape, seen);
  return shape.kind === 'structure' && shape.members.some((member) => member.required || requires(member.shape, seen));
}

function makeCheck(shape: Shape): Check {
  if (shape.kind === 'list')
    return (value, path, missing) => {
      for (const [index, item] of (value as unknown[]).entries())
        checkOf(shape.item.shape)?.(item, [...path, String(index + 1), 'member'], missing);
    };
  if (shape.kind === 'map')
    return (value, path, missing) => {
      for (const [key, item] of Object.entries(value as object))
        checkOf(shape.value.shape)?.(item, [...path, key, 'member'], missing);
    };
  const members = shape.kind === 'structure' ? shape.members : [];
  return (value, path, missing) => {
    for (const { name, required, traits, shape: inner } of members) {
      const held = (value as Record<string, unknown>)[name];
      if (held !== undefined) checkOf(inner)?.(held, [...path, name], missing);
      else if (required && !traits.idempotencyToken) missing.push([...path, name]);
    }
  };
}

type Wording = (missing: readonly Path[], schemas: SdkSchemas) => AwsError;

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** What most services say: their common framework's sentence, with every missing member. */
const validation =
  (code: string): Wording =>
  (missing) => {
    const values = missing.map(
      (path) =>
        `Value null at '${path.map(lowerFirst).join('.')}' failed to satisfy constraint: Member must not be null`,
    );
    const count = `${missing.length} validation error${missing.length > 1 ? 's' : ''} detected: `;
    return new AwsError(code, count + values.join('; '));
  };

const wordings: Readonly<Partial<Record<ServiceName, Wording>>> = {
  ec2: ([path = []]) =>
    new AwsError(
      'MissingParameter',
      `The request must contain the parameter ${path.filter((part) => part !== 'member').join('.')}`,
    ),
  cloudWatch: ([path = []]) =>
    new AwsError('MissingRequiredParameterException', `The parameter ${path.join('.')} is required.`),
  sns: ([path = []]) =>
    new AwsError(
      'InvalidParameterException',
      `Invalid parameter: ${path.join('.')} Reason: no value for required parameter`,
    ),
  s3: () =>
    new AwsError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    ),
  iam: validation('ValidationError'),
  sts: validation('ValidationError'),
  cloudFormation: validation('ValidationError'),
  elbv2: validation('ValidationError'),
  lambda: validation('ValidationException'),
};

/** Services of the JSON protocols: with the error of theirs that stands for bad input. */
function refusal(schemas: SdkSchemas, missing: readonly Path[]): AwsError {
  const modelled = ['ValidationException', 'InvalidParameterException'].find((code) => schemas.errors.has(code));
  return (wordings[schemas.service] ?? validation(modelled ?? 'ValidationException'))(missing, schemas);
}

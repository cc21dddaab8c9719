import { AwsError } from '../kernel/aws-error.ts';
import type { ServiceName } from '../kernel/service-names.ts';
import type { SdkSchemas } from './sdk-schemas.ts';
import type { ListShape, MapShape, Member, Shape, StructureShape } from './shapes.ts';
import { once, remember } from './tree-codec.ts';

type Path = readonly string[];
/** Whether a value has everything that is required in it. */
type Check = (value: unknown) => boolean;

/** Refuses an input that lacks members which the model requires, in the service's words. */
export function checkRequired(schemas: SdkSchemas, input: StructureShape, value: object): void {
  if (checkOf(input)?.(value) !== false) return;
  const missing: Path[] = [];
  findMissing(input, value, [], missing);
  throw refusal(schemas, missing);
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

const isRequired = ({ required, traits }: Member): boolean => required && !traits.idempotencyToken;

function makeCheck(shape: ListShape | MapShape | StructureShape): Check {
  if (shape.kind === 'list')
    return (value) => (value as unknown[]).every((item) => checkOf(shape.item.shape)?.(item) ?? true);
  if (shape.kind === 'map')
    return (value) => Object.values(value as object).every((item) => checkOf(shape.value.shape)?.(item) ?? true);
  const asked = once(() =>
    shape.members.flatMap((member) => {
      const check = checkOf(member.shape);
      return check || isRequired(member) ? [{ name: member.name, required: isRequired(member), check }] : [];
    }),
  );
  return (value) => {
    for (const { name, required, check } of asked()) {
      const held = (value as Record<string, unknown>)[name];
      if (held === undefined ? required : check?.(held) === false) return false;
    }
    return true;
  };
}

/** Adds the paths of the required members that a value lacks. Only walked for an input that is refused. */
function findMissing(shape: Shape, value: unknown, path: Path, missing: Path[]): void {
  if (!checkOf(shape)) return;
  if (shape.kind === 'list')
    for (const [index, item] of (value as unknown[]).entries())
      findMissing(shape.item.shape, item, [...path, String(index + 1), 'member'], missing);
  if (shape.kind === 'map')
    for (const [key, item] of Object.entries(value as object))
      findMissing(shape.value.shape, item, [...path, key, 'member'], missing);
  if (shape.kind !== 'structure') return;
  for (const member of shape.members) {
    const held = (value as Record<string, unknown>)[member.name];
    if (held !== undefined) findMissing(member.shape, held, [...path, member.name], missing);
    else if (isRequired(member)) missing.push([...path, member.name]);
  }
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

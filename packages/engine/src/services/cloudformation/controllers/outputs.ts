import type { Output } from '@aws-sdk/client-cloudformation';
import { references } from '../../../cloudformation/template/references.ts';
import { resolve } from '../../../cloudformation/template/resolve.ts';
import { isAwsError } from '../../../kernel/aws-error.ts';
import { validationError } from '../errors.ts';
import { type Export, exportedValues, stackProgress, stacks } from '../model.ts';
import type { StackWork } from '../stack-work.ts';

/** Resolves a stack's outputs, publishes its exports, and notes what it imports. A failure fails the stack. */
export function settleOutputs(work: StackWork): void {
  const { context, stack } = work;
  const table = context.store.table(stackProgress);
  try {
    context.attempt(() => publish(work));
  } catch (error) {
    if (!isAwsError(error)) throw error;
    table.put(stack.StackId, { ...work.progress, outputs: { failed: error.message } });
  }
}

function publish(work: StackWork): void {
  const { context, stack } = work;
  const outputs = outputsOf(work);
  publishExports(work, outputs);
  const row = context.store.table(stacks).get(stack.StackId);
  if (row) context.store.table(stacks).put(stack.StackId, { ...row, Outputs: outputs });
  context.store
    .table(stackProgress)
    .put(stack.StackId, { ...work.progress, outputs: 'done', imports: importsOf(work) });
}

function outputsOf({ template, environment }: StackWork): Output[] {
  return Object.entries(template.outputs)
    .filter(([, { Condition }]) => Condition === undefined || environment.condition(Condition))
    .map(([OutputKey, { Value, Description, Export: exported }]) => {
      const value = resolve(Value, environment);
      if (typeof value === 'object' || typeof value === 'symbol')
        throw validationError(
          `Template format error: The Value field of every Outputs member must evaluate to a String.`,
        );
      return {
        OutputKey,
        OutputValue: String(value),
        ...(Description ? { Description } : {}),
        ...(exported ? { ExportName: String(resolve(exported.Name, environment)) } : {}),
      };
    });
}

function publishExports({ context, stack }: StackWork, outputs: readonly Output[]): void {
  const table = context.store.table(exportedValues);
  const fresh = new Map(
    outputs.flatMap(({ ExportName, OutputValue = '' }) => (ExportName ? [[ExportName, OutputValue] as const] : [])),
  );
  for (const old of table.by('stack', stack.StackId)) {
    if (fresh.get(old.name) === old.value) continue;
    const users = importersOf(context, old.name);
    const verb = fresh.has(old.name) ? 'updated' : 'deleted';
    if (users.length > 0)
      throw validationError(`Export ${old.name} cannot be ${verb} as it is in use by ${users.join(', ')}`);
    table.delete(old.name);
  }
  for (const [name, value] of fresh) {
    const taken = table.get(name);
    if (taken && taken.stackId !== stack.StackId)
      throw validationError(`Export with name ${name} is already exported by stack ${stackNameOf(taken)}`);
    if (!taken) table.put(name, { name, value, stackId: stack.StackId });
  }
}

const stackNameOf = ({ stackId }: Export): string => stackId.split('/')[1] ?? stackId;

/** The names of the stacks that import an export. */
export function importersOf(context: StackWork['context'], name: string): string[] {
  const importing = context.store.table(stackProgress).list(({ imports }) => imports.includes(name));
  return importing.flatMap(({ stackId }) => context.store.table(stacks).get(stackId)?.StackName ?? []);
}

function importsOf({ template, environment, goal }: StackWork): string[] {
  const values = [...[...goal.keys()].map((id) => template.resources[id]?.Properties), template.outputs];
  const names = new Set<string>();
  for (const reference of references(values, environment.condition))
    if (reference.kind === 'import') names.add(String(resolve(reference.value, environment)));
  return [...names];
}

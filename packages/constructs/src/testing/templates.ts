import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { ContainerPlatform, PlatformSettings } from '../container-platform.ts';
import type { ServiceSettings } from '../service-settings.ts';
import { sample } from './sample-platform.ts';

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

/** The templates of a platform by the logical id of their nested stack; the platform's own is `platform`. */
export function templatesOf(platform: ContainerPlatform): Map<string, Template> {
  const nested = platform.node.findAll().filter((child) => NestedStack.isNestedStack(child));
  return new Map([
    ['platform', Template.fromStack(platform)],
    ...nested.map((stack) => [logicalId(stack), Template.fromStack(stack)] as const),
  ]);
}

function logicalId(stack: NestedStack): string {
  const resource = stack.nestedStackResource;
  return resource ? String(Stack.of(resource).resolve(resource.logicalId)) : stack.node.id;
}

/** The templates of the sample platform. */
export function sampleTemplates(settings: Partial<PlatformSettings> = {}, service: Partial<ServiceSettings> = {}) {
  return templatesOf(sample(new App(), settings, service));
}

export function resourcesOf(templates: Map<string, Template>): [stack: string, id: string, resource: Resource][] {
  return [...templates].flatMap(([stack, template]) => {
    const resources: Record<string, Resource> = template.toJSON()['Resources'] ?? {};
    return Object.entries(resources).map(([id, resource]): [string, string, Resource] => [stack, id, resource]);
  });
}

export function stackOf(templates: Map<string, Template>, name: string): Template {
  const template = templates.get(name);
  if (!template) throw new Error(`there is no stack ${name} among ${[...templates.keys()].join(', ')}`);
  return template;
}

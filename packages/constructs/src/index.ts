export { ContainerPlatform, type PlatformSettings } from './container-platform.ts';
export { ContainerService } from './container-service.ts';
export { DefinitionError } from './definition-error.ts';
export { DESCRIPTION_METADATA } from './describe.ts';
export { type Input, input, MISSING_INPUTS_FILE, type MissingInput, readInputs } from './inputs.ts';
export { ServiceImage } from './service-image.ts';
export { ServiceSecret } from './service-secret.ts';
export type { ServiceSettings } from './service-settings.ts';
export { readWiring, type Wire } from './wiring.ts';

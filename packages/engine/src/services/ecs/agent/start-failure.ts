/** Why a container cannot be started, in the words that end up in its `reason`. Control flow within the agent, never seen by a caller. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}

export const cannotPull = (reason: string) => new StartFailure(`CannotPullContainerError: ${reason}`);
export const cannotInitialize = (reason: string) => new StartFailure(`ResourceInitializationError: ${reason}`);

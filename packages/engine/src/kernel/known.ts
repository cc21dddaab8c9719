/** An SDK shape whose members `K` the engine always fills in, so readers need not doubt them. */
export type Known<T, K extends keyof T> = T & { [P in K]-?: NonNullable<T[P]> };

/** What the server knows of a request. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly accept: string;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  /** An object is sent as JSON, a string as plain text. */
  readonly body: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const ok = (body: object | string): Answer => ({ status: 200, body });
export const problem = (status: number, error: string, headers?: Readonly<Record<string, string>>): Answer => ({
  status,
  body: { error },
  headers,
});

/** Reads the named members of a JSON object; each must be a non-empty string of at most 2,048 characters. */
export function readStrings<Name extends string>(
  body: string,
  names: readonly Name[],
): Readonly<Record<Name, string>> | Answer {
  let content: unknown;
  try {
    content = JSON.parse(body);
  } catch {
    return problem(400, `the body is not JSON; send {${names.map((name) => `"${name}": "..."`).join(', ')}}`);
  }
  const members: Record<string, unknown> = typeof content === 'object' && content !== null ? { ...content } : {};
  const values: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = members[name];
    if (typeof value !== 'string' || value === '' || value.length > 2_048) {
      return problem(400, `"${name}" must be a string of 1 to 2048 characters`);
    }
    values[name] = value;
  }
  return values as Record<Name, string>;
}

export function isAnswer(value: object): value is Answer {
  return 'status' in value && typeof value.status === 'number';
}

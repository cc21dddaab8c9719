import type { ServerResponse } from 'node:http';

/** An error as the distribution protocol writes it. */
export class RegistryError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status: number) {
    super(message);
    this.code = code;
    this.status = status;
  }

  send(response: ServerResponse): void {
    const body = JSON.stringify({ errors: [{ code: this.code, message: this.message }] });
    const challenge = this.status === 401 ? { 'www-authenticate': 'Basic realm="rockpool",service="ecr"' } : {};
    response.writeHead(this.status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      ...challenge,
    });
    response.end(body);
  }
}

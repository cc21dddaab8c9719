import { invalidHandle } from './errors.ts';
import type { Message } from './model.ts';

/** What a receiver is given to delete a message with: its queue, its id and which receipt it was. */
export const handleOf = (queue: string, { id, receipt = '' }: Message): string =>
  Buffer.from(`${queue} ${id} ${receipt}`).toString('base64');

export function parseHandle(handle: string, queue: string): { readonly id: string; readonly receipt: string } {
  const [name, id = '', receipt = ''] = Buffer.from(handle, 'base64').toString().split(' ');
  if (name !== queue || !/^[\da-f-]{36}$/.test(id)) throw invalidHandle(handle);
  return { id, receipt };
}

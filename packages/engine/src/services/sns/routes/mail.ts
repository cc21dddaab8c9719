import type { ServerResponse } from 'node:http';
import type { HttpRoute } from '../../../kernel/service.ts';
import { mails } from '../model.ts';

/** Mails are kept for all accounts and regions together; any of them shows them. */
const anywhere = { account: '000000000000', region: 'us-east-1' };

const path = '/_rockpool/mail';

/** The built-in mailbox: `GET` lists its mails, oldest first, and `DELETE` empties it. */
export const mailRoutes: readonly HttpRoute[] = [
  {
    name: 'list mails',
    matches: (request) => request.method === 'GET' && request.path === path,
    handle: (_, response, root) => json(response, { mails: root.in(anywhere).store.table(mails).list() }),
  },
  {
    name: 'delete mails',
    matches: (request) => request.method === 'DELETE' && request.path === path,
    handle(_, response, root) {
      root.in(anywhere).turn(({ store }) => {
        for (const { id } of store.table(mails).list()) store.table(mails).delete(id);
      });
      json(response, { mails: [] });
    },
  },
];

function json(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}

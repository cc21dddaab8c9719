import { createServer } from 'node:http';

// Runs, and is never well.
createServer((_, response) => {
  console.log('health asked for: the database is not there');
  response.writeHead(503).end();
}).listen(Number(process.env.PORT), () => console.log('listening'));

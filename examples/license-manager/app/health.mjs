// Exits 0 while the server beside it answers. JavaScript, because a probe runs every few seconds on every container
// and Node takes half the time when it has no types to strip.
import { get } from 'node:http';

const { HOST, PORT } = process.env;
const probe = get({ host: HOST || '127.0.0.1', port: PORT || 8080, path: '/health', timeout: 4_000 });
probe.on('response', (response) => process.exit(response.statusCode === 200 ? 0 : 1));
probe.on('timeout', () => process.exit(1));
probe.on('error', () => process.exit(1));

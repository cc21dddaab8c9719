import { besideMoto } from './bench/beside-moto.ts';
import { coldStart } from './bench/cold-start.ts';
import { controlPlane } from './bench/control-plane.ts';
import { deployment } from './bench/deployment.ts';
import { judging } from './bench/judging.ts';
import { type Row, renderTable } from './bench/row.ts';
import { simulatedTasks } from './bench/simulated-tasks.ts';
import { traffic } from './bench/traffic.ts';
import { virtualDeployments } from './bench/virtual-deployments.ts';

/** `npm run bench`: how fast things are on this machine, as shares of something bare that is measured in the same run. It judges, and fails nothing. */
const parts: readonly (readonly [string, () => Row[] | Promise<Row[]>])[] = [
  ['cold starts', coldStart],
  ['operations beside an echo', controlPlane],
  ['operations beside moto server', besideMoto],
  ['signatures and policies', judging],
  ['traffic through the load balancer', traffic],
  ['deployments', deployment],
  ['deployments under the virtual clock', virtualDeployments],
  ['1,000 simulated tasks', simulatedTasks],
];

const rows: Row[] = [];
for (const [what, measure] of parts) {
  process.stderr.write(`measuring ${what} …\n`);
  rows.push(...(await measure()));
}
process.stdout.write(renderTable(rows));

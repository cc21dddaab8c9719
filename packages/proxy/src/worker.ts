import { type MessagePort, parentPort } from 'node:worker_threads';
import { DataPlane } from './data-plane.ts';
import type { FromWorker, ToWorker, WorkerAnswer } from './messages.ts';
import type { ProxyReport } from './report.ts';
import { sendProbe } from './send-probe.ts';

/** Runs a data plane behind a message port: the whole body of a proxy worker. */
function serve(port: MessagePort): void {
  const send = (message: FromWorker): void => port.postMessage(message);
  const report = reportInBatches(send);
  const plane = new DataPlane(report);
  const answer = (call: number, value: WorkerAnswer): void => {
    report.flush();
    send({ kind: 'answer', call, value });
  };
  port.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'apply':
        void plane.apply(message.table, message.binding).then(
          (applied) => answer(message.call, { kind: 'applied', applied }),
          (error: unknown) => answer(message.call, { kind: 'failed', message: String(error) }),
        );
        break;
      case 'take-counts':
        answer(message.call, { kind: 'counts', counts: plane.takeCounts() });
        break;
      case 'in-flight':
        answer(message.call, { kind: 'in-flight', count: plane.inFlight(message.key) });
        break;
      case 'close':
        plane.close();
        answer(message.call, { kind: 'closed' });
        break;
      case 'probe':
        void sendProbe(message.probe).then(report);
        break;
    }
  });
}

/** Gathers reports of one turn of the event loop into one message. */
function reportInBatches(send: (message: FromWorker) => void): { (report: ProxyReport): void; flush(): void } {
  let reports: ProxyReport[] = [];
  const flush = (): void => {
    if (reports.length === 0) return;
    send({ kind: 'reports', reports });
    reports = [];
  };
  const report = (item: ProxyReport): void => {
    if (reports.length === 0) setImmediate(flush);
    reports.push(item);
  };
  return Object.assign(report, { flush });
}

if (parentPort !== null) serve(parentPort);

import { engineStatus, type Session } from '../session.ts';

export async function engineStatusVerb(session: Session): Promise<void> {
  const status = await engineStatus(session);
  if (session.json) return session.terminal.out(`${JSON.stringify(status)}\n`);
  const { version, pid, port, state, account, speed, now, services } = status;
  const rows = [
    ['version', version],
    ['address', `http://127.0.0.1:${port}`],
    ['process', String(pid)],
    ['state', state],
    ['account', account],
    ['speed', `${speed}x`],
    ['time', new Date(now).toISOString()],
    ['services', services.join(' ')],
  ];
  session.terminal.out(`${rows.map(([name = '', value]) => `${name.padEnd(10)}${value}`).join('\n')}\n`);
}

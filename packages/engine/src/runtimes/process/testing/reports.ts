import type { ContainerReport, PortBinding } from '../../runtime.ts';

type Kind = ContainerReport['kind'];
type Of<K extends Kind> = Extract<ContainerReport, { kind: K }>;

/** What a runtime has told about one container, and a way to wait for what it will tell. */
export class Reports {
  readonly all: ContainerReport[] = [];
  readonly #waiting = new Set<() => void>();

  readonly report = (report: ContainerReport): void => {
    this.all.push(report);
    for (const look of [...this.#waiting]) look();
  };

  /** The first report of that kind, now or later, for which `matches` holds. */
  next<K extends Kind>(kind: K, matches: (report: Of<K>) => boolean = () => true): Promise<Of<K>> {
    return this.until(() => this.of(kind).find(matches));
  }

  until<T>(find: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const look = () => {
        const found = find();
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  of<K extends Kind>(kind: K): Of<K>[] {
    return this.all.filter((report): report is Of<K> => report.kind === kind);
  }

  lines(stream: 'stdout' | 'stderr' = 'stdout'): string[] {
    return this.of('output').flatMap((report) => (report.stream === stream ? report.lines : []));
  }

  /** Settles when the container has written this line. */
  async line(text: string, stream: 'stdout' | 'stderr' = 'stdout'): Promise<void> {
    await this.until(() => this.lines(stream).includes(text) || undefined);
  }

  async exit(): Promise<Of<'exited'>> {
    return await this.next('exited');
  }

  async bindings(): Promise<readonly PortBinding[]> {
    return (await this.next('started')).bindings;
  }

  kinds(): Kind[] {
    return this.all.map(({ kind }) => kind);
  }
}

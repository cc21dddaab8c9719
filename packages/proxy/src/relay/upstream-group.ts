import { chooseTarget, eligibleTargets } from '../routing/choose-target.ts';
import { stickyMark } from '../routing/stickiness.ts';
import type { Stickiness, Target, TargetGroup } from '../routing-table.ts';
import { UpstreamTarget } from './upstream-target.ts';

/** A target group as traffic sees it. */
export class UpstreamGroup {
  readonly id: string;
  /** Stands for the group in the AWSALBTG cookie. */
  readonly mark: string;
  #group: TargetGroup;
  readonly #targets = new Map<string, UpstreamTarget>();
  #eligible: UpstreamTarget[] = [];
  #turn = 0;
  readonly #onIdle: (target: UpstreamTarget) => void;

  constructor(group: TargetGroup, onIdle: (target: UpstreamTarget) => void) {
    this.id = group.id;
    this.mark = stickyMark(group.id);
    this.#group = group;
    this.#onIdle = onIdle;
  }

  get stickiness(): Stickiness | undefined {
    return this.#group.stickiness;
  }

  get hasEligible(): boolean {
    return this.#eligible.length > 0;
  }

  target(id: string): UpstreamTarget | undefined {
    return this.#targets.get(id);
  }

  *targets(): IterableIterator<UpstreamTarget> {
    yield* this.#targets.values();
  }

  addTarget(target: Target): void {
    const added = new UpstreamTarget(this.id, target, this.#onIdle);
    this.#targets.set(target.id, added);
    if (target.state === 'draining') added.startDraining();
  }

  changeTarget(target: Target): void {
    this.#targets.get(target.id)?.change(target);
  }

  /** Takes a target out of the group; the caller cuts what is still in flight to it. */
  takeTarget(id: string): UpstreamTarget | undefined {
    const target = this.#targets.get(id);
    this.#targets.delete(id);
    return target;
  }

  /** Takes over the settings, once its targets have been changed. */
  settle(group: TargetGroup): void {
    this.#group = group;
    this.#eligible = eligibleTargets([...this.#targets.values()]);
  }

  choose({ now_ms, random }: { now_ms: number; random: number }): UpstreamTarget | undefined {
    const { algorithm, slowStart_ms } = this.#group;
    const turn = this.#turn;
    this.#turn = (turn + 1) % Number.MAX_SAFE_INTEGER;
    return chooseTarget(this.#eligible, { algorithm, slowStart_ms, now_ms, turn, random });
  }

  /** The target a stickiness cookie names, while it may get requests. */
  findByMark(mark: string): UpstreamTarget | undefined {
    return this.#eligible.find((target) => target.mark === mark);
  }
}

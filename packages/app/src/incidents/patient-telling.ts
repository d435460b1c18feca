import type { WaitingSign } from './kept/index.ts';

/** How often something is tried before it is taken for impossible: what failed by chance is not given up. */
const TRIES = 3;

export interface PatientOptions {
  /** Tells signs in one transaction; where `isBare`, without what build and deploy know of them. */
  tell: (waiting: readonly WaitingSign[], isBare: boolean) => Promise<void>;
  setAside: (id: string) => Promise<void>;
  /** Takes what the operator should read. */
  report: (line: string) => void;
}

/** Tells signs together, and each alone where that failed again and again: one that cannot be told holds up no other. */
export class PatientTelling {
  readonly #options: PatientOptions;
  /** Failures in a row of all together, and by sign of it alone. */
  #failures = 0;
  readonly #alone = new Map<string, number>();

  constructor(options: PatientOptions) {
    this.#options = options;
  }

  /** @throws what kept signs from being told that are tried again */
  async tell(waiting: readonly WaitingSign[]): Promise<void> {
    try {
      await this.#options.tell(waiting, false);
      this.#failures = 0;
      this.#alone.clear();
      return;
    } catch (error) {
      if (++this.#failures < TRIES) throw error;
    }
    const failed: unknown[] = [];
    for (const one of waiting) await this.#tellAlone(one).catch((error: unknown) => failed.push(error));
    if (failed.length > 0) throw failed[0];
  }

  async #tellAlone(one: WaitingSign): Promise<void> {
    const tries = (this.#alone.get(one.id) ?? 0) + 1;
    this.#alone.set(one.id, tries);
    try {
      await this.#options.tell([one], tries >= TRIES);
    } catch (error) {
      if (tries < TRIES) throw error;
      await this.#options.setAside(one.id);
      const why = error instanceof Error ? error.message : String(error);
      const { kind, subject, event } = one.sign;
      this.#options.report(
        `One ${kind} of ${subject} at ${event.time} cannot be told in an incident, and was set aside: ${why}`,
      );
    }
    this.#alone.delete(one.id);
  }
}

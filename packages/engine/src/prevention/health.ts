/** What probes say of the containers of a workload, as far as guards may have to do with it. */
export class Health {
  readonly #ready = new Set<string>();
  readonly #unready = new Set<string>();
  readonly #refused = new Set<string>();

  take(container: string, isReady: boolean): void {
    if (isReady) {
      this.#ready.add(container);
      this.#unready.delete(container);
      this.#refused.delete(container);
    } else this.#unready.add(container);
  }

  /** Something was refused to it. */
  refuse(container: string): void {
    this.#refused.add(container);
  }

  forget(container: string): void {
    for (const set of [this.#ready, this.#unready, this.#refused]) set.delete(container);
  }

  /**
   * Whether it serves no more; or never did, and something was refused to it. One that takes its time to come up has not
   * fallen.
   */
  isFallen(container: string): boolean {
    return this.#unready.has(container) && (this.#ready.has(container) || this.#refused.has(container));
  }

  get anyFallen(): boolean {
    return [...this.#unready].some((container) => this.isFallen(container));
  }
}

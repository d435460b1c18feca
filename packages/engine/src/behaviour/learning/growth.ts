/** Points of the picture; of more every second one is left out. */
const MOST = 200;

/** How many behaviours were known by the end of each hour; of long times, of every few hours. */
export class Growth {
  readonly #points: [number, number][];

  constructor(points: Iterable<readonly [number, number]> = []) {
    this.#points = [...points].map(([minute, behaviours]) => [minute, behaviours]);
  }

  note(minute: number, behaviours: number): void {
    const last = this.#points.at(-1);
    const hour = Math.floor(minute / 60) * 60;
    if (last === undefined || hour > last[0]) this.#points.push([hour, behaviours]);
    else last[1] = behaviours;
    if (this.#points.length <= MOST) return;
    const kept = this.#points.filter((_, index) => index % 2 === 0 || index === this.#points.length - 1);
    this.#points.splice(0, this.#points.length, ...kept);
  }

  all = (): readonly (readonly [number, number])[] => this.#points;
}

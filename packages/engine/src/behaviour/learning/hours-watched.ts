/** Hours one after the other by which a clock that was set back shows that it stays so. */
const SET_BACK = 24;

/** How many different hours were watched, whatever a clock does. */
export class HoursWatched {
  count: number;
  first: number;
  last: number;
  #behindAt = -1;
  #behind = 0;

  constructor(count = 0, first = -1, last = -1) {
    this.count = count;
    this.first = first;
    this.last = last;
  }

  note(minute: number): void {
    const hour = Math.floor(minute / 60);
    if (this.first < 0) this.first = hour;
    if (hour > this.last) {
      this.last = hour;
      this.count += 1;
      this.#behind = 0;
    } else if (hour < this.last - 1) this.#fallBehind(hour);
  }

  #fallBehind(hour: number): void {
    if (hour <= this.#behindAt) return;
    this.#behindAt = hour;
    this.#behind += 1;
    if (this.#behind < SET_BACK) return;
    this.last = hour;
    this.#behind = 0;
    this.#behindAt = -1;
  }

  /** For keeping. */
  parts = (): [number, number, number, number, number] => [
    this.count,
    this.first,
    this.last,
    this.#behindAt,
    this.#behind,
  ];

  static of([count, first, last, behindAt, behind]: readonly number[]): HoursWatched {
    const hours = new HoursWatched(count, first, last);
    hours.#behindAt = behindAt ?? -1;
    hours.#behind = behind ?? 0;
    return hours;
  }
}

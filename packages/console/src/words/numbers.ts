const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const hundredths = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
const WORDS = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten'];

/** `1,243`. */
export const count = (value: number) => whole.format(value);

/** Points of loss: whole from ten on, tenths below, `under 0.1` rather than a nought that is none. */
export function points(value: number): string {
  if (value > 0 && value < 0.05) return 'under 0.1';
  return value >= 10 ? whole.format(value) : tenths.format(value);
}

/** `−118`: what a fix removes, with a true minus. */
export const removed = (value: number) => `−${points(value)}`;

/** A probability, two places at most: more would claim what nobody knows. */
export function probability(value: number): string {
  if (value > 0 && value < 0.01) return 'under 0.01';
  return value > 0.99 && value < 1 ? 'over 0.99' : hundredths.format(value);
}

/** A share of 1 as `70 %`, which no line break parts. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return 'under 1\u00a0%';
  return `${whole.format(Math.min(99, Math.round(share * 100)) + (share >= 0.9999 ? 1 : 0))}\u00a0%`;
}

/** `Five`, for the beginning of a sentence; digits above ten. */
export const countWord = (value: number) => WORDS[value] ?? count(value);

/** `1 image`, `3 images`. */
export const plural = (value: number, one: string, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Bytes in decimal units: `29 MB`. */
export function bytes(value: number): string {
  let unit = 0;
  let rest = value;
  while (rest >= 1000 && unit < UNITS.length - 1) {
    rest /= 1000;
    unit += 1;
  }
  return `${rest >= 10 || unit === 0 ? whole.format(rest) : tenths.format(rest)} ${UNITS[unit]}`;
}

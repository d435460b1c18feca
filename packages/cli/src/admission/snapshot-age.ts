/** A snapshot, as far as it is told of. */
export interface ToldSnapshot {
  version: string;
  /** ISO 8601; undefined where there is none. */
  time: string | undefined;
}

const MINUTE = 60_000;
const UNITS = [
  ['day', 24 * 60 * MINUTE],
  ['hour', 60 * MINUTE],
  ['minute', MINUTE],
] as const;

/** Which snapshot is answered from and how old it is; or what is not known without one. */
export function snapshotText({ version, time }: ToldSnapshot, now: Date): string {
  if (time === undefined) return 'no snapshot (what is known of images, namespaces, pods and exposure is undecided)';
  return `snapshot ${version}, ${ageText(now.getTime() - Date.parse(time))}`;
}

function ageText(age: number): string {
  const [unit, length] = UNITS.find(([, least]) => age >= least) ?? ['', 0];
  if (unit === '') return 'less than a minute old';
  const count = Math.floor(age / length);
  return `${count} ${unit}${count === 1 ? '' : 's'} old`;
}

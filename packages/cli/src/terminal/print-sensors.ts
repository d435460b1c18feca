import type { SensorKey, SensorState } from '@breakwater/app/ingest';
import type { Behaviour, BehaviourProfile } from '@breakwater/model';
import { age } from './age.ts';
import { countOf } from './count-of.ts';
import { bold, dim, plain, red, yellow } from './style.ts';
import { alignColumns } from './table.ts';

/** Seconds by which a clock may be off without a word. */
const SKEW = 60;

/** Keys, and who sends with each: what was taken, and what the matter is. `now` gives milliseconds. */
export function printSensors(keys: readonly SensorKey[], sensors: readonly SensorState[], now: number): void {
  if (keys.length === 0) {
    print(['No sensor has a key. Make one: breakwater ingest key NAME > sensor.key']);
    return;
  }
  const rows = keys.flatMap(({ id, name, createdAt, revokedAt, cluster }) => {
    const own = sensors.filter(({ key }) => key === id);
    const made = revokedAt === '' ? `made ${age(createdAt, now)} ago` : red(`revoked ${age(revokedAt, now)} ago`);
    const head = [plain(name), made, '', '', cluster === undefined ? '' : `cluster ${plain(cluster)}`];
    return [head, ...own.map((sensor) => rowOf(sensor, now))];
  });
  print(alignColumns([['key / sensor', 'heard of', 'events', 'lost', ''].map(bold), ...rows], [2, 3]));
}

function rowOf({ sensor, seenAt, events, lost, unknowns, skew, duplicates }: SensorState, now: number): string[] {
  const troubles = [
    ...(unknowns > 0 ? [yellow(`${unknowns} not understood`)] : []),
    ...(Math.abs(skew) >= SKEW
      ? [yellow(`its clock is ${countOf(Math.abs(skew), 'second')} ${skew > 0 ? 'ahead' : 'behind'}`)]
      : []),
    ...(duplicates > 0 ? [dim(`${duplicates} sent again`)] : []),
  ];
  const name = sensor === '' ? dim('without a name') : plain(sensor);
  return [
    `  ${name}`,
    `${age(seenAt, now)} ago`,
    String(events),
    lost > 0 ? red(String(lost)) : '0',
    troubles.join(', '),
  ];
}

/** What a subject was seen to do, by kind and by who does it. */
export function printProfile({
  subject,
  container,
  from,
  until,
  partial,
  dimensions,
  behaviours,
}: BehaviourProfile): void {
  const lines = [
    `${bold(plain(subject))}${container === undefined ? '' : ` ${plain(container)}`}, seen from ${from} to ${until}`,
  ];
  if (partial) lines.push(yellow('Events were lost: what is missing here may have happened.'));
  for (const dimension of dimensions) {
    lines.push('', bold(dimension));
    const own = behaviours.filter((behaviour) => behaviour.dimension === dimension);
    lines.push(...alignColumns(own.map(cellsOf)));
  }
  print(lines);
}

function cellsOf({ actor, parent, access, object, inImage }: Behaviour): string[] {
  const foreign = inImage === false ? red(' (not in the image)') : '';
  const by = parent === '' ? '' : dim(` by ${plain(parent)}`);
  return [`  ${plain(actor) || dim('runtime')}${by}`, `${access ?? ''}`, `${plain(object)}${foreign}`];
}

function print(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from '../record/chance.ts';
import { type Replica, within } from '../record/containers.ts';
import type { Fleet, RecordedReplica } from '../record/fleet.ts';
import type { Course } from '../record/schedule.ts';
import type { TraceWriter } from '../trace/trace-writer.ts';
import { http, sql } from '../traffic/requests.ts';
import type { Action } from './action.ts';
import { ACTIONS } from './actions.ts';

const FIRST_PLACE = 900;
/** Milliseconds in which a new replica does what all do. */
const WARM = 90_000;
const SETTLES = 1000;
const LONGEST_OUTPUT = 300;
const FOLDERS: Readonly<Record<string, string>> = {
  recommend: '/var/lib/recommend',
  api: '/var/lib/api',
  ci: '/builds',
};

/** Where whoever an application runs as may write. */
export const folderOf = ({ application }: Replica): string => FOLDERS[application.name] ?? '/tmp';

/** Gives a replica of its own of each application to attackers, who do all that they can, one thing after another. */
export async function attackAll(
  courses: readonly Course[],
  fleet: Fleet,
  writer: TraceWriter,
  chance: Chance,
  wave: number,
): Promise<void> {
  const one = (course: Course): Promise<void> => attackOne(course, fleet, writer, chance, wave);
  const done = await Promise.allSettled(courses.map(one));
  for (const result of done) if (result.status === 'rejected') process.stderr.write(`attack: ${result.reason}\n`);
}

async function attackOne(
  course: Course,
  fleet: Fleet,
  writer: TraceWriter,
  chance: Chance,
  wave: number,
): Promise<void> {
  const replica = await course.add(FIRST_PLACE + wave, 'attack');
  await pause(WARM);
  writer.tellWhole(replica.number);
  await pause(SETTLES);
  for (const action of shuffled(ACTIONS, chance)) {
    if (!fleet.isRunning(replica)) break;
    await attack(replica, action, writer);
    await pause(1500 + chance.below(2500));
  }
  await fleet.stop(replica);
}

async function attack(replica: RecordedReplica, { action, script }: Action, writer: TraceWriter): Promise<void> {
  const from = new Date().toISOString();
  const whole = `T=${folderOf(replica)}; ${script}`;
  const output = await breakIn(replica, whole).catch((error: Error) => error.message);
  await pause(SETTLES / 2);
  const until = new Date().toISOString();
  writer.write({
    line: 'attack',
    replica: replica.number,
    action,
    from,
    until,
    output: output.slice(0, LONGEST_OUTPUT),
  });
}

/** Runs a script as an attacker comes in: by an application's own hole where it has one, else by its runtime. */
export async function breakIn(replica: Replica, script: string): Promise<string> {
  switch (replica.application.name) {
    case 'shop':
      return await http(replica, 'GET', `/lookup.php?host=${encodeURIComponent(`localhost; ${script}`)}`);
    case 'recommend':
      return await http(replica, 'GET', `/size?file=${encodeURIComponent(`/dev/null; ${script}`)}`);
    case 'api':
      return await http(replica, 'GET', `/packed?file=${encodeURIComponent(`/dev/null; ${script}; true`)}`);
    case 'orders-db':
      await sql(replica, `CREATE TEMP TABLE t (x text); COPY t FROM PROGRAM $x$( ${script} ) >/dev/null 2>&1; true$x$`);
      return '';
    default:
      return await within(replica, ['sh', '-c', script]);
  }
}

function shuffled<T>(of: readonly T[], chance: Chance): T[] {
  const all = [...of];
  for (let at = all.length - 1; at > 0; at--) {
    const other = chance.below(at + 1);
    [all[at], all[other]] = [all[other]!, all[at]!];
  }
  return all;
}

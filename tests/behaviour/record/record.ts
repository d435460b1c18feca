import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { APPLICATIONS } from '../applications/applications.ts';
import { buildImage } from '../images/build-images.ts';
import { KEPT, RAW_RECORDINGS } from '../places.ts';
import { TraceWriter } from '../trace/trace-writer.ts';
import { attackFleet } from './attack-fleet.ts';
import { Chance } from './chance.ts';
import { configurationOf, makeNetwork, removeData } from './containers.ts';
import { Fleet } from './fleet.ts';
import { Course } from './schedule.ts';

const MINUTE = 60_000;
const CANARY = 2 * MINUTE;

export interface RecordOptions {
  hours: number;
  seed: number;
  /** Names of applications; all where it is empty. */
  only: readonly string[];
  /** Of the replicas that an application usually has. */
  scale: number;
}

/** Records all applications for some hours; the path of the recording. What was recorded is kept however it ends. */
export async function record({ hours, seed, only, scale }: RecordOptions): Promise<string> {
  const started = new Date();
  const path = join(RAW_RECORDINGS, `${started.toISOString().replace(/[:.]/g, '-')}.jsonl`);
  mkdirSync(RAW_RECORDINGS, { recursive: true });
  const applications = APPLICATIONS.filter(({ name }) => only.length === 0 || only.includes(name));
  for (const application of applications)
    for (const release of application.releases.slice(0, 1)) buildImage(application, release);
  await makeNetwork();
  removeData();
  copyFileSync(configurationOf('web', 'shop.conf'), join(KEPT, 'web.conf'));
  const writer = new TraceWriter(path, seed, started.toISOString());
  const fleet = new Fleet(writer, new Chance(seed, 'names'));
  await fleet.watch();
  const until = started.getTime() + hours * 3_600_000;
  const courses = applications.map((one) => new Course(one, fleet, writer, new Chance(seed, one.name)));
  const stopping = stopSignal();
  const begun = courses.map((course) => course.begin(Math.max(1, Math.round(course.application.replicas * scale))));
  await Promise.all(begun);
  process.stderr.write(`all replicas run; recording to ${path}\n`);
  const plans = courses.map((course) => follow(course, new Chance(seed, `plan ${course.application.name}`), until));
  const attacks = attackFleet(courses, fleet, writer, new Chance(seed, 'attacks'), until);
  await Promise.race([Promise.all([...plans, attacks]), stopping, pause(until - Date.now())]);
  for (const { application, failures } of courses)
    for (const [what, count] of failures)
      process.stderr.write(`${application.name}: ${count} times ${what.slice(0, 200)}\n`);
  await fleet.close();
  return path;
}

/** SIGTERM and SIGINT end a recording as its time does. */
const stopSignal = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });

/** Its releases, spread over the time but for the last fifth, with a roll-back now and then; and what happens by chance. */
async function follow(course: Course, chance: Chance, until: number): Promise<void> {
  const from = Date.now();
  void course.administrate(until);
  void disturb(course, chance, until);
  const releases = course.application.releases.slice(1);
  const span = (0.75 * (until - from)) / releases.length;
  for (const [index, release] of releases.entries()) {
    const at = from + span * (index + 0.4 + 0.5 * chance.next());
    const before = course.release;
    await pause(Math.max(0, at - Date.now()));
    await attempt(() => course.roll(release, 'release', CANARY * chance.next()));
    if (chance.next() > 0.25) continue;
    await pause(3 * MINUTE);
    await attempt(() => course.roll(before, 'roll-back', 0));
    await pause(2 * MINUTE);
    await attempt(() => course.roll(release, 'release', 0));
  }
}

async function disturb(course: Course, chance: Chance, until: number): Promise<void> {
  while (Date.now() < until) {
    await pause(chance.exponential(7 * MINUTE));
    void attempt(() => course.disturb());
  }
}

/** What podman cannot do once ends no recording. */
async function attempt(run: () => Promise<void>): Promise<void> {
  await run().catch((error: Error) => process.stderr.write(`${error.message}\n`));
}

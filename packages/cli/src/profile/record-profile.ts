import { accessSync, constants as files } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { Recordings } from '@breakwater/app/profiles';
import { type BehaviourProfile, type RuntimeEvent, UserError } from '@breakwater/model';
import { showPath } from '@breakwater/sources/inputs';
import type { Invocation } from '../command.ts';
import { countOf } from '../terminal/count-of.ts';
import { plain, yellow } from '../terminal/style.ts';
import { type RecordingLimits, readLimits, watchLimits } from './recording-limits.ts';
import { runCommand } from './run-command.ts';

/** Milliseconds for which the last events of the kernel are waited for. */
const AFTERWARDS = 1_000;

/** What was recorded, and why that is not all, where it is not. */
interface Recording {
  /** Ends it; what came of it. */
  close(): Promise<{ profiles: BehaviourProfile[]; ended?: string }>;
}

/**
 * Runs a command and records what containers do meanwhile: those that begin while it runs, or the one that is named. The
 * exit code is the command's: whoever tests an image goes on testing it. What it records is bounded: beyond that the command
 * goes on, and the profile has a gap, which is said.
 * @throws {UserError} where the sensor cannot run, or the command succeeds and no container did anything
 */
export async function recordProfile(invocation: Invocation, command: string[]): Promise<number> {
  const { options } = invocation;
  const path = (options['write'] as string | undefined) ?? 'profile.json';
  const container = options['container'] as string | undefined;
  if (command.length === 0) {
    throw new UserError('Say what to run: record -- CMD...', {
      code: 'command-missing',
      hint: 'breakwater profile record --write day0.json -- make test',
    });
  }
  refuseUnwritable(path);
  const limits = readLimits(invocation);
  const recording = await openRecording(container, limits);
  const { code, profiles, ended } = await runRecorded(recording, () => runCommand(command, invocation.signal));
  const told = profiles.filter(({ behaviours }) => behaviours.length > 0);
  if (told.length === 0) {
    const error = nothingRecorded(container);
    if (code === 0) throw error;
    process.stderr.write(`${yellow(`${error.message} The command ended with ${code}.`)}\n`);
    return code;
  }
  const written = await write(ended === undefined ? told : told.map((one) => ({ ...one, partial: true })), path);
  const failed = code === 0 ? [] : [yellow(`The command ended with ${code}: what it did not come to is not recorded.`)];
  const bounds = ended === undefined ? [] : [yellow(`${ended} The command went on without being recorded.`)];
  if (options['quiet'] !== true)
    for (const line of [...bounds, ...failed, ...written]) process.stderr.write(`${line}\n`);
  return code;
}

/** Told before the tests run, not after. */
function refuseUnwritable(path: string): void {
  try {
    accessSync(dirname(path), files.W_OK);
  } catch (cause) {
    throw new UserError(`Nothing can be written to ${showPath(dirname(path))}.`, { code: 'file-unwritable', cause });
  }
}

/** Ends the recording whatever becomes of the command: a sensor that stays open keeps the process from ending. */
async function runRecorded(
  recording: Recording,
  work: () => Promise<number>,
): Promise<{ code: number } & Awaited<ReturnType<Recording['close']>>> {
  try {
    const code = await work();
    await new Promise((resolve) => setTimeout(resolve, AFTERWARDS));
    return { code, ...(await recording.close()) };
  } catch (error) {
    await recording.close();
    throw error;
  }
}

function nothingRecorded(container: string | undefined): UserError {
  return new UserError('No container did anything while the command ran.', {
    code: 'profile-empty',
    hint:
      container === undefined
        ? 'Containers that ran before are left out: name one with --container.'
        : `Is there a container ${plain(container)} on this host?`,
  });
}

/** Folds events of the containers that are meant, as they come: what is kept is bounded by what they newly do. */
async function openRecording(named: string | undefined, limits: RecordingLimits): Promise<Recording> {
  const { findAbilities } = await import('@breakwater/sensor/abilities');
  const { missing } = findAbilities();
  if (missing.length > 0) {
    throw new UserError(`Nothing can be recorded here. ${missing.join(' ')}`, {
      code: 'sensor-not-possible',
      hint: 'Record events elsewhere: breakwater sensor --output json > events.json; breakwater profile show events.json --output json',
    });
  }
  const { Sensor } = await import('@breakwater/sensor/sensor');
  const node = hostname();
  const recordings = new Recordings();
  let hasBegun = false;
  let ending: Promise<void> | undefined;
  const end = (): Promise<void> => {
    ending ??= opening.then((sensor) => sensor.close());
    return ending;
  };
  const watch = watchLimits(limits, recordings, () => void end());
  const isNamed = ({ container }: Pick<RuntimeEvent, 'container'>): boolean =>
    named === container?.name ||
    (named !== undefined && named.length >= 8 && container?.id?.startsWith(named) === true);
  const opening = Sensor.open({
    chooses: (facts) => (named === undefined ? hasBegun : isNamed(facts)),
    take(event) {
      if (watch.isOpenFor(event)) recordings.take({ ...event, node });
    },
  });
  await opening;
  hasBegun = true;
  watch.begin();
  return {
    async close() {
      watch.close();
      await end();
      const ended = watch.ended();
      const profiles = recordings.finish().map(({ profile }) => profile);
      return { profiles, ...(ended !== undefined && { ended }) };
    },
  };
}

/** One file, or one for each container beside it. */
async function write(profiles: readonly BehaviourProfile[], path: string): Promise<string[]> {
  const lines: string[] = [];
  const taken = new Set<string>();
  for (const profile of profiles) {
    const name = profiles.length === 1 ? path : besides(path, profile.container ?? profile.subject, taken);
    await writeFile(name, `${JSON.stringify(profile, null, 2)}\n`);
    const gaps = profile.partial ? yellow(' with gaps: what is missing may have happened') : '';
    lines.push(
      `${plain(name)}: ${countOf(profile.behaviours.length, 'behaviour')} of ${plain(profile.subject)}${gaps}`,
    );
  }
  return lines;
}

/** `day0.web.json` of `day0.json`. */
function besides(path: string, name: string, taken: Set<string>): string {
  const extension = extname(path);
  const safe = name.replace(/[^\w.-]+/g, '-').slice(-80);
  let own = safe;
  for (let number = 2; taken.has(own); number += 1) own = `${safe}-${number}`;
  taken.add(own);
  return join(dirname(path), `${basename(path, extension)}.${own}${extension}`);
}

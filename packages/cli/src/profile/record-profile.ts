import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { constants, hostname, tmpdir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { readProfiles } from '@breakwater/app/profiles';
import { type BehaviourProfile, type RuntimeEvent, UserError } from '@breakwater/model';
import type { Invocation } from '../command.ts';
import { countOf } from '../terminal/count-of.ts';
import { plain, yellow } from '../terminal/style.ts';

/** Milliseconds for which the last events of the kernel are waited for. */
const AFTERWARDS = 1_000;
/** As shells tell of a program that is not there. */
const NOT_FOUND = 127;

/**
 * Runs a command and records what containers do meanwhile: those that begin while it runs, or the one that is named. The
 * exit code is the command's: whoever tests an image goes on testing it.
 * @throws {UserError} where the sensor cannot run, or no container did anything
 */
export async function recordProfile(invocation: Invocation, command: string[]): Promise<number> {
  const { options } = invocation;
  const path = (options['write'] as string | undefined) ?? 'profile.json';
  const [program, ...parameters] = command;
  if (program === undefined) {
    throw new UserError('Say what to run: record -- CMD...', {
      code: 'command-missing',
      hint: 'breakwater profile record --write day0.json -- make test',
    });
  }
  const folder = await mkdtemp(join(tmpdir(), 'breakwater-record-'));
  try {
    const events = join(folder, 'events.jsonl');
    const recording = await openRecording(events, options['container'] as string | undefined);
    const { code, count } = await runRecorded(recording, () => run(program, parameters, invocation.signal));
    if (count === 0) throw nothingRecorded(options['container'] as string | undefined);
    const { profiles } = await readProfiles([events]);
    const told = profiles.flatMap(({ profile }) => (profile.behaviours.length > 0 ? [profile] : []));
    if (told.length === 0) throw nothingRecorded(options['container'] as string | undefined);
    const written = await write(told, path);
    if (options['quiet'] !== true) for (const line of written) process.stderr.write(`${line}\n`);
    return code;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Ends the recording whatever becomes of the command: a sensor that stays open keeps the process from ending. */
async function runRecorded(
  recording: { close(): Promise<number> },
  work: () => Promise<number>,
): Promise<{ code: number; count: number }> {
  try {
    const code = await work();
    await new Promise((resolve) => setTimeout(resolve, AFTERWARDS));
    return { code, count: await recording.close() };
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
        : `Is there a container ${container} on this host?`,
  });
}

/** Events of the containers that are meant, a line each in a file. */
async function openRecording(path: string, named: string | undefined): Promise<{ close(): Promise<number> }> {
  const { findAbilities } = await import('@breakwater/sensor/abilities');
  const { missing } = findAbilities();
  if (missing.length > 0) {
    throw new UserError(`Nothing can be recorded here. ${missing.join(' ')}`, {
      code: 'sensor-not-possible',
      hint: 'Record events elsewhere: breakwater sensor --output json > events.json; breakwater profile show events.json --output json',
    });
  }
  const { Sensor } = await import('@breakwater/sensor/sensor');
  const file = createWriteStream(path);
  const node = hostname();
  let count = 0;
  let hasBegun = false;
  const isNamed = ({ container }: Pick<RuntimeEvent, 'container'>): boolean =>
    named === container?.name ||
    (named !== undefined && named.length >= 8 && container?.id?.startsWith(named) === true);
  const sensor = await Sensor.open({
    chooses: (facts) => (named === undefined ? hasBegun : isNamed(facts)),
    take(event) {
      if (event.container !== undefined) count += 1;
      file.write(`${JSON.stringify({ ...event, node })}\n`);
    },
  });
  hasBegun = true;
  return {
    async close() {
      await sensor.close();
      file.end();
      await finished(file);
      return count;
    },
  };
}

/** The command with our own input and output; its exit code, as shells tell it. */
async function run(program: string, parameters: string[], signal: AbortSignal): Promise<number> {
  const child = spawn(program, parameters, { stdio: 'inherit' });
  const stop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', (cause: NodeJS.ErrnoException) => {
        if (cause.code === 'ENOENT') {
          process.stderr.write(`${yellow(`There is no program ${plain(program)}.`)}\n`);
          resolve(NOT_FOUND);
        } else reject(cause);
      });
      child.once('exit', (code, ended) => resolve(code ?? 128 + (ended === null ? 0 : constants.signals[ended])));
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
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

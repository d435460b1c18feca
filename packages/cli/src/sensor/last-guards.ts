import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GuardName } from '@breakwater/model';
import type { Guard } from '@breakwater/sensor/guards';
import { z } from 'zod';
import { countOf } from '../terminal/count-of.ts';

/** What a sensor that blocks leaves in the state folder while it runs: found later, it says that it was killed. */
const LastGuards = z.object({
  pid: z.number().int(),
  since: z.string(),
  blocks: z.array(GuardName),
  containers: z.array(z.string()),
});
type LastGuards = z.infer<typeof LastGuards>;

const FILE = 'sensor-guards.json';

/** Notes what this sensor blocks where, until it ends by itself. */
export class GuardNote {
  readonly #path: string;
  readonly #note: LastGuards;

  constructor(state: string, guard: Guard, now: Date) {
    this.#path = join(state, FILE);
    const blocks = GuardName.options.filter((name) => guard[name] === 'block');
    this.#note = { pid: process.pid, since: now.toISOString(), blocks, containers: [] };
  }

  /** Guards hold in one more container. */
  add(name: string): void {
    if (this.#note.blocks.length === 0) return;
    this.#note.containers.push(name);
    this.#write();
  }

  remove(name: string): void {
    const at = this.#note.containers.indexOf(name);
    if (at === -1) return;
    this.#note.containers.splice(at, 1);
    this.#write();
  }

  #write(): void {
    mkdirSync(join(this.#path, '..'), { recursive: true, mode: 0o700 });
    writeFileSync(this.#path, JSON.stringify(this.#note), { mode: 0o600 });
  }

  end(): void {
    rmSync(this.#path, { force: true });
  }
}

/** What the sensor before this one left without an end, as a sentence; undefined where it ended, or still runs. */
export function lastWords(state: string): string | undefined {
  const path = join(state, FILE);
  if (!existsSync(path)) return undefined;
  const note = LastGuards.safeParse(parse(readFileSync(path, 'utf8'))).data;
  if (note === undefined || isAlive(note.pid)) return undefined;
  const where = `${note.blocks.join(', ')} in ${countOf(note.containers.length, 'container')}`;
  return (
    `The sensor that began ${note.since} was killed while it blocked ${where}: its guards went with it, the containers ` +
    'ran on, and only what they were started with (seccomp profile, no new privileges) was in force since.'
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

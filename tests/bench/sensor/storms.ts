import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { SampleImage } from '../../sensor/sample-container.ts';

/** One kind of call, and how often it is made in a round. */
export interface Storm {
  kind: 'call' | 'open' | 'create' | 'connect' | 'program';
  calls: number;
}

/** What is built: headers of the C library, a few hundred opened files and some programs for each file. */
const BUILD =
  'for i in $(seq 60); do printf "#include <stdio.h>\\n#include <stdlib.h>\\n#include <pthread.h>\\n#include <sys/socket.h>\\n#include <netdb.h>\\nint main(void) { return %d; }\\n" $i | cc -pipe -O1 -x c -c -o /dev/null - ; done';
const PATIENCE = 120_000;

export const hasCompiler = (): boolean => spawnSync('cc', ['--version']).status === 0;

/** A program that makes storms, on the host and in a container that waits for them. */
export class Storms {
  readonly #folder = mkdtempSync(join(tmpdir(), 'storms-'));
  readonly program: string;

  constructor() {
    this.program = join(this.#folder, 'storm');
    const source = new URL('storm.c', import.meta.url).pathname;
    execFileSync('cc', ['-O2', '-static', '-o', this.program, source]);
  }

  /** Starts a container that runs what is asked of it, until it is removed with its image. */
  start(image: SampleImage, name: string): void {
    const script = [
      'while :; do',
      '  while [ ! -e /storms/go ]; do sleep 0.02; done',
      '  rm /storms/go; sh /storms/script > /storms/answer.part 2>&1; mv /storms/answer.part /storms/answer',
      'done',
    ].join('\n');
    image.start(name, script, ['--network=none', `--volume=${this.#folder}:/storms`, '--volume=/:/host:ro,dev,rbind']);
  }

  /** Nanoseconds of processor for each call of a storm in the container. */
  async inContainer({ kind, calls }: Storm): Promise<number> {
    return perCall(await this.#ask(`/storms/storm ${kind} ${calls}`));
  }

  /** The same on the host. */
  onHost({ kind, calls }: Storm): number {
    return perCall(execFileSync(this.program, [kind, String(calls)], { encoding: 'utf8' }));
  }

  /** Seconds of processor that a build takes in the container: of the shell's children, as its `times` counts them. */
  async build(): Promise<number> {
    const answer = await this.#ask(`/app/busybox-program chroot /host /bin/sh -c '${BUILD}; times'`);
    const [user = '', system = ''] = (answer.trim().split('\n').at(-1) ?? '').split(' ');
    return secondsOf(user) + secondsOf(system);
  }

  async #ask(script: string): Promise<string> {
    const answer = join(this.#folder, 'answer');
    rmSync(answer, { force: true });
    writeFileSync(join(this.#folder, 'script'), script);
    writeFileSync(join(this.#folder, 'go'), '');
    for (const end = Date.now() + PATIENCE; Date.now() < end; await pause(20))
      if (existsSync(answer)) return readFileSync(answer, 'utf8');
    throw new Error(`the container did not answer: ${script}`);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** `1000 123456`: calls, nanoseconds. */
function perCall(answer: string): number {
  const [calls = 1, nanoseconds = Number.NaN] = answer.trim().split(' ').map(Number);
  return nanoseconds / calls;
}

/** `0m1.234000s`. */
function secondsOf(text: string): number {
  const [, minutes = 'NaN', seconds = 'NaN'] = /^(\d+)m([\d.]+)s$/.exec(text) ?? [];
  return 60 * Number(minutes) + Number(seconds);
}

import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '@breakwater/model';
import { z } from 'zod';
import { findContainer } from '../host/container-runtime.ts';
import { processesOf } from '../host/processes.ts';
import { defineResponse } from '../response.ts';
import { collectEvidence } from './collect.ts';
import { writeTar } from './write-tar.ts';

const Config = z.strictObject({
  /** Its name, or its id where no runtime here is asked (containerd, CRI-O). */
  container: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/, 'a name or id of a container'),
  /** Mebibytes of changed files at most. */
  megabytes: z.coerce.number().int().min(1).max(1024).default(64),
});
const State = z.object({ id: z.string() });
const MEBIBYTE = 1024 * 1024;

/** Keeps what a container is and did, before it is gone: an archive with a hash of each part. Nothing in it is changed. */
export const snapshot = defineResponse({
  name: 'snapshot',
  summary: 'Keeps processes, open files, connections and changed files of a container, hashed, in an archive',
  destructive: false,
  contains: false,
  schema: Config,
  async plan({ container, megabytes }, { folder }) {
    const id = /^[0-9a-f]{64}$/.test(container) ? container : (await findContainer(container)).id;
    const processes = processesOf(id);
    if (processes.length === 0)
      throw new UserError(`Container ${container} does not run here.`, { code: 'not-running' });
    return {
      target: { kind: 'container', name: container },
      steps: [
        `Write processes (${processes.length} now), open files, connections, mounts and at most ${megabytes} MiB of changed files of container ${container} to ${folder}.`,
      ],
      effects: [
        'Nothing in the container is changed or stopped. Environments of processes are left out: they hold secrets.',
      ],
      reversible: false,
      state: { id },
    };
  },
  async execute({ megabytes }, { state }, { folder, now }) {
    const { id } = State.parse(state);
    const time = now();
    const archive = writeTar(collectEvidence(id, { bytes: megabytes * MEBIBYTE }, time), time);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `evidence-${id.slice(0, 12)}-${time.toISOString().replaceAll(/[:.]/g, '')}.tar`);
    writeFileSync(path, archive, { mode: 0o600, flag: 'wx' });
    const sha256 = createHash('sha256').update(archive).digest('hex');
    return { done: [`Wrote ${path} (${archive.length} bytes, sha256 ${sha256}).`] };
  },
});

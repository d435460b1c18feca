import { UserError } from '@breakwater/model';
import { z } from 'zod';
import { findContainer, runRuntime } from '../host/container-runtime.ts';
import { defineResponse } from '../response.ts';

const Config = z.strictObject({
  container: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/, 'a name or id of a container'),
  /** Seconds until it is killed. */
  seconds: z.coerce.number().int().min(0).max(300).default(10),
});
const State = z.object({ runtime: z.string(), id: z.string(), started: z.string() });

/** Stops a container of this host's podman, Docker or nerdctl; what it wrote stays, and it can be started again. */
export const stopContainer = defineResponse({
  name: 'stop-container',
  summary: 'Stops a container of podman, Docker or nerdctl on this host',
  destructive: false,
  contains: true,
  schema: Config,
  async plan({ container, seconds }) {
    const { runtime, id, name, image, running, started, removedAtEnd, pod } = await findContainer(container);
    if (!running) throw new UserError(`Container ${name} does not run.`, { code: 'not-running' });
    return {
      target: { kind: 'container', name, ...(pod === undefined ? {} : { namespace: pod.namespace }) },
      steps: [`Stop container ${name} (${id.slice(0, 12)}, ${image}) by ${runtime}; after ${seconds} s it is killed.`],
      effects: [
        removedAtEnd
          ? 'It removes itself when it stops, with all that it wrote: take a snapshot first. It cannot be started again.'
          : 'What it wrote stays. It can be started again; what is in memory is gone.',
      ],
      reversible: !removedAtEnd,
      state: { runtime, id, started },
    };
  },
  async execute({ seconds }, { state }) {
    const { runtime, id, started } = State.parse(state);
    const now = await findContainer(id);
    if (now.started !== started || !now.running) {
      throw new UserError(`Container ${now.name} was started or stopped since it was planned.`, {
        code: 'target-changed',
      });
    }
    await runRuntime(runtime, ['stop', '--time', String(seconds), '--', id]);
    return {
      done: [`Stopped container ${now.name}.`],
      ...(now.removedAtEnd ? {} : { undo: { runtime, id, started } }),
    };
  },
  async undo(state) {
    const { runtime, id } = State.parse(state);
    await runRuntime(runtime, ['start', '--', id]);
    return [`Started container ${id.slice(0, 12)} again.`];
  },
});

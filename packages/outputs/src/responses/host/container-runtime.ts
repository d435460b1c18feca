import { execFile } from 'node:child_process';
import { UserError } from '@breakwater/model';
import { z } from 'zod';

/** A container as its runtime tells it. */
export interface HostContainer {
  /** The runtime's command: `podman`. */
  runtime: string;
  id: string;
  name: string;
  image: string;
  running: boolean;
  /** When it was started last, as the runtime writes it. */
  started: string;
  /** The runtime removes it, and what it wrote, as soon as it stops. */
  removedAtEnd: boolean;
  /** Pod of Kubernetes that it is of. */
  pod?: { namespace: string; name: string };
}

const RUNTIMES = ['podman', 'docker', 'nerdctl'];
const TIMEOUT = 60_000;
const LARGEST = 16 * 1024 * 1024;

const Inspected = z.array(
  z.object({
    Id: z.string().regex(/^[0-9a-f]{64}$/),
    Name: z.string(),
    ImageName: z.string().optional(),
    State: z.object({ Running: z.boolean(), StartedAt: z.union([z.string(), z.number()]).default('') }),
    Config: z.object({ Image: z.string().optional(), Labels: z.record(z.string(), z.string()).nullish() }).default({}),
    HostConfig: z.object({ AutoRemove: z.boolean().default(false) }).default({ AutoRemove: false }),
  }),
);

/** Finds a container by name or id with whichever runtime of this host has it. @throws {UserError} `container-unknown` */
export async function findContainer(name: string): Promise<HostContainer> {
  for (const runtime of RUNTIMES) {
    const text = await runRuntime(runtime, ['inspect', '--type', 'container', '--', name]).catch(() => '');
    const [found] = Inspected.safeParse(parse(text)).data ?? [];
    if (found === undefined) continue;
    const labels = found.Config.Labels ?? {};
    const [namespace, pod] = [labels['io.kubernetes.pod.namespace'], labels['io.kubernetes.pod.name']];
    return {
      runtime,
      id: found.Id,
      name: found.Name.replace(/^\//, ''),
      image: found.ImageName ?? found.Config.Image ?? '',
      running: found.State.Running,
      started: String(found.State.StartedAt),
      removedAtEnd: found.HostConfig.AutoRemove,
      ...(namespace === undefined || pod === undefined ? {} : { pod: { namespace, name: pod } }),
    };
  }
  throw new UserError(`No container runtime of this host knows ${name}.`, {
    code: 'container-unknown',
    hint: `Asked were ${RUNTIMES.join(', ')}. Containers of Kubernetes are answered for by their pod: delete-pod, quarantine.`,
  });
}

/** Runs a command of a runtime without a shell, and gives what it prints. */
export async function runRuntime(runtime: string, args: readonly string[]): Promise<string> {
  return await new Promise((resolve, reject) => {
    execFile(runtime, args, { timeout: TIMEOUT, maxBuffer: LARGEST }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else {
        const said = stderr.trim().split('\n').at(-1) ?? error.message;
        reject(new UserError(`${runtime} ${args[0]}: ${said}`, { code: 'runtime-failed', cause: error }));
      }
    });
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

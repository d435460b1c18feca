import type { ContainerState, ImageConfig } from '@breakwater/model';
import { z } from 'zod';
import type { OpenedTarget } from '../open-target.ts';
import { type Engine, findDaemons } from './daemon-address.ts';
import { DaemonClient } from './daemon-client.ts';
import { pathOf } from './find-image.ts';
import { openExport } from './open-daemon-image.ts';

/** Changed paths listed of one container; the rest is counted. */
const MOST_CHANGES = 10_000;
const KINDS = ['modified', 'added', 'removed'] as const;

const Texts = z.array(z.string()).nullish();
const Inspected = z.object({
  Id: z.string().regex(/^[0-9a-f]{64}$/),
  Name: z.string(),
  Image: z.string(),
  State: z.object({ Status: z.string().optional() }).optional(),
  Mounts: z.array(z.object({ Destination: z.string() })).nullish(),
  Config: z.object({
    Image: z.string().optional(),
    User: z.string().optional(),
    Entrypoint: Texts.or(z.string()),
    Cmd: Texts,
    WorkingDir: z.string().optional(),
    Env: Texts,
    ExposedPorts: z.record(z.string(), z.unknown()).nullish(),
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
});
const Changes = z.array(z.object({ Path: z.string(), Kind: z.number().int().min(0).max(2) })).nullable();

type Inspected = z.infer<typeof Inspected>;

/**
 * Opens the file system of a container as it is now, running or not: what the engine exports, without its volumes. The
 * engine tells what differs from the image. Of Docker or of Podman, in this order; undefined where neither has it.
 */
export async function openContainer(
  name: string,
  target: string,
  signal: AbortSignal,
): Promise<OpenedTarget | undefined> {
  const path = pathOf(name);
  for (const engine of ['docker', 'podman'] as const) {
    for (const address of await findDaemons(engine)) {
      const client = new DaemonClient(engine, address, signal);
      const found = await client.document(`/containers/${path}/json`, Inspected);
      if (found === undefined) continue;
      const changes = await client.document(`/containers/${path}/changes`, Changes).catch(() => undefined);
      const opened = await openExport(client, `/containers/${path}/export`, target);
      for (const { Destination: folder } of found.Mounts ?? []) opened.unknowns.push(volumeUnread(folder, target));
      const about = {
        id: `sha256:${found.Id}`,
        container: describeContainer(found, engine, changes),
        config: describeConfig(found),
      };
      return { ...opened, opened: { kind: 'packed-folder', source: 'container' }, about };
    }
  }
  return undefined;
}

function describeContainer(
  { Id, Name, Image, State, Config }: Inspected,
  engine: Engine,
  changes: z.infer<typeof Changes> | undefined,
): ContainerState {
  const listed = changes ?? [];
  return {
    id: Id,
    name: Name.replace(/^\//, ''),
    engine,
    state: State?.Status ?? 'unknown',
    image: { id: Image, ...(Config.Image !== undefined && { name: Config.Image }) },
    ...(changes !== undefined && {
      changes: listed.slice(0, MOST_CHANGES).map(({ Path, Kind }) => ({ path: Path, kind: KINDS[Kind]! })),
      changeCount: listed.length,
    }),
  };
}

/** As the container was started, not as its image would. Values of environment variables are left behind. */
function describeConfig({ Config }: Inspected): ImageConfig {
  const { User, Entrypoint, Cmd, WorkingDir, Env, ExposedPorts, Labels } = Config;
  return {
    ...(User !== undefined && { user: User }),
    entrypoint: typeof Entrypoint === 'string' ? [Entrypoint] : (Entrypoint ?? []),
    command: Cmd ?? [],
    ...(WorkingDir && { workingDirectory: WorkingDir }),
    exposedPorts: Object.keys(ExposedPorts ?? {}),
    environment: (Env ?? []).map((variable) => variable.split('=', 1)[0]!),
    labels: Labels ?? {},
  };
}

function volumeUnread(folder: string, target: string) {
  return {
    code: 'volume-not-read',
    message: 'A volume is mounted there: what it holds was not read',
    place: { source: target, path: folder },
    hint: 'scan its folder on the host as a root file system, where it holds programs',
  };
}

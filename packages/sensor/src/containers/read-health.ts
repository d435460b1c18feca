import { execFile } from 'node:child_process';
import { fieldsOf, parseJson, textOf } from './stores/read-fields.ts';

const RUNTIMES = ['podman', 'docker', 'nerdctl'];
const TIMEOUT = 20_000;
const LARGEST = 64 * 1024 * 1024;
/** Containers of one question: each is answered in some ten KiB. */
const AT_ONCE = 100;

/** What a health check says; `starting` before it said anything. */
export type ContainerHealth = 'healthy' | 'unhealthy' | 'starting';
const SAID: ReadonlySet<string> = new Set<ContainerHealth>(['healthy', 'unhealthy', 'starting']);

/**
 * Whether containers serve, by their ids, as the health checks of their runtimes on this host tell. Those that have no
 * check, or are of no runtime that is asked, are absent.
 */
export async function readHealth(ids: readonly string[]): Promise<Map<string, ContainerHealth>> {
  const found = new Map<string, ContainerHealth>();
  for (let first = 0; first < ids.length; first += AT_ONCE)
    for (const runtime of RUNTIMES) {
      // What a runtime does not know it says by its exit code; of the others it tells all the same.
      const text = await run(runtime, ['inspect', '--type', 'container', '--', ...ids.slice(first, first + AT_ONCE)]);
      const told = parseJson(text);
      for (const container of Array.isArray(told) ? told.map(fieldsOf) : []) {
        const state = fieldsOf(container['State']);
        // podman called it Healthcheck once.
        const status = textOf(fieldsOf(state['Health'] ?? state['Healthcheck'])['Status']);
        if (SAID.has(status)) found.set(textOf(container['Id']), status as ContainerHealth);
      }
    }
  return found;
}

function run(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: TIMEOUT, maxBuffer: LARGEST }, (_, stdout) => resolve(stdout));
  });
}

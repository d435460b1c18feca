import type { ChosenKind } from './choose-kinds.ts';
import { ClusterError } from './cluster-error.ts';
import { parseAnswer } from './json-text.ts';
import { pathOf } from './resource-kinds.ts';

/** A line of a watch: `ADDED`, `MODIFIED`, `DELETED`, `BOOKMARK` or `ERROR` with its object. */
export function parseEvent(line: string): { type: string; object: unknown } {
  try {
    const event = parseAnswer(line) as { type?: unknown; object?: unknown } | null;
    return { type: typeof event?.type === 'string' ? event.type : '', object: event?.object };
  } catch (cause) {
    throw new ClusterError('A watch gave what is no event.', { status: 0, cause });
  }
}

/** What a server says in the middle of a watch, such as 410 for what it has forgotten. */
export function watchError(cluster: string, kind: ChosenKind, value: unknown): ClusterError {
  const { code, message } = (value ?? {}) as { code?: unknown; message?: unknown };
  const said = typeof message === 'string' ? message.slice(0, 500) : 'no reason given';
  return new ClusterError(`Cluster ${cluster} ended the watch of ${pathOf(kind)}: ${said}`, {
    status: typeof code === 'number' ? code : 500,
  });
}

/** The version up to which an event, or a bookmark, tells all; empty where it has none. */
export function versionOf(value: unknown): string {
  const version = (value as { metadata?: { resourceVersion?: unknown } } | null)?.metadata?.resourceVersion;
  return typeof version === 'string' ? version : '';
}

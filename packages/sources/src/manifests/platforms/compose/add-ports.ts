import type { ContainerDraft, DraftPort } from '../container-draft.ts';
import type { WrittenReader } from '../read-written.ts';
import { fieldOf, isWrittenMap, type Written } from '../written.ts';
import { parsePort, parsePortRange, type ShortPort } from './parse-port.ts';

/** Ports of one range that are counted: who opens more, opens all that matters. */
const MOST_PORTS = 128;

/**
 * Ports of a service. Compose publishes them on its host, Swarm on every node of the swarm (`mode: host` on its own);
 * `expose` only declares.
 */
export function addPorts(container: ContainerDraft, service: Written, swarm: boolean, reader: WrittenReader): void {
  for (const item of reader.list(fieldOf(service, 'ports'))) {
    if (isWrittenMap(item)) addLongPort(container, item, swarm, reader);
    else addShortPort(container, item, swarm, reader);
  }
  for (const item of reader.list(fieldOf(service, 'expose'))) {
    const port = parsePort(reader.text(item) ?? '');
    if (port !== undefined)
      for (const number of numbers(port.target)) addDeclared(container, number, port.protocol, item);
    else if (item.unset.length === 0) reader.wrong(item, 'a port');
  }
}

function addDeclared(container: ContainerDraft, containerPort: number, protocol: string, item: Written): void {
  container.addPort({ containerPort, protocol }, { ...item, unset: [] });
}

function addShortPort(container: ContainerDraft, item: Written, swarm: boolean, reader: WrittenReader): void {
  const text = reader.text(item);
  if (text === undefined) return;
  const port = parsePort(text);
  if (port !== undefined) publish(container, port, swarm ? 'node-port' : 'host-port', undefined, item);
  else if (item.unset.length > 0) container.doubt(['ports'], `the value of $${item.unset[0]}`);
  else reader.wrong(item, 'a port');
}

function addLongPort(container: ContainerDraft, item: Written, swarm: boolean, reader: WrittenReader): void {
  const target = parsePortRange(reader.text(fieldOf(item, 'target')) ?? '');
  if (target === undefined) {
    if (item.unset.length === 0) reader.wrong(fieldOf(item, 'target') ?? item, 'a port');
    container.doubt(['ports'], 'the port that is opened');
    return;
  }
  const published = reader.text(fieldOf(item, 'published'));
  const hostIP = reader.text(fieldOf(item, 'host_ip'));
  const protocol = (reader.text(fieldOf(item, 'protocol')) ?? 'tcp').toUpperCase();
  const port: ShortPort = { target, protocol, ...(published && { published }), ...(hostIP && { hostIP }) };
  const onHost = !swarm || reader.text(fieldOf(item, 'mode')) === 'host';
  publish(container, port, onHost ? 'host-port' : 'node-port', reader.text(fieldOf(item, 'name')), item);
}

/* The routing mesh of a swarm is no port of a node: any node answers for any other. */
function publish(
  container: ContainerDraft,
  port: ShortPort,
  published: 'host-port' | 'node-port',
  name: string | undefined,
  item: Written,
): void {
  const range = parsePortRange(port.published ?? '');
  const unclear = range === undefined && port.published !== undefined;
  for (const [index, containerPort] of numbers(port.target).entries()) {
    const hostPort = range !== undefined && range[0] + index <= range[1] ? range[0] + index : undefined;
    const opened: DraftPort = {
      containerPort,
      protocol: port.protocol,
      published,
      name,
      hostPort: published === 'host-port' ? hostPort : undefined,
      hostIP: port.hostIP,
    };
    container.addPort(opened, unclear || item.unset.length === 0 ? { ...item, unset: [] } : item);
    if (unclear && published === 'host-port')
      container.doubt(['ports', portCount(container) - 1, 'hostPort'], unclearReason(item));
  }
}

function unclearReason({ unset }: Written): string {
  return unset.length > 0 ? `the value of ${unset.map((name) => `$${name}`).join(', ')}` : 'the port of the host';
}

function portCount({ object }: ContainerDraft): number {
  return (object['ports'] as unknown[]).length;
}

function numbers([first, last]: [number, number]): number[] {
  return Array.from({ length: Math.min(last - first + 1, MOST_PORTS) }, (_, index) => first + index);
}

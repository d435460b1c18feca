import type { JsonObject, ManifestObject, Workload } from '@breakwater/model';
import { imageReference } from '../inventory/image-reference.ts';
import { runningContainers } from '../inventory/running-containers.ts';
import { fieldAt, fieldOf, objectsOf, textOf } from '../json/index.ts';
import { backendsOf, type Service } from '../network/index.ts';
import type { PodTemplate } from './pods.ts';
import { portOfImage, type Speech, speechOf } from './protocols.ts';

/** A port at which a workload is known to listen: a container declares it, a Service leads
 * to it, a probe asks it, or it is the usual one of the image. */
export interface Listener extends Speech {
  port: number;
  transport: string;
  /** Names that containers and Services give it. */
  names: readonly string[];
}

interface Draft {
  port: number;
  transport: string;
  texts: string[];
  names: Set<string>;
  /** Scheme of a probe that asks it. */
  scheme?: string;
}

/** The ports of each workload, by its position. */
export function listenersOf(
  objects: readonly ManifestObject[],
  workloads: readonly Workload[],
  templates: readonly PodTemplate[],
  services: readonly Service[],
): Listener[][] {
  const positions = new Map(workloads.map((workload, position) => [workload, position]));
  const drafts = workloads.map((workload, position) => declared(workload, templates[position]!));
  const appProtocols = appProtocolsOf(objects);
  for (const service of services) addService(service, appProtocols, positions, drafts);
  return drafts.map((own) => [...own.values()].map(finish).sort((a, b) => a.port - b.port));
}

function declared(workload: Workload, { spec }: PodTemplate): Map<string, Draft> {
  const drafts = new Map<string, Draft>();
  for (const { ports, image } of runningContainers(workload)) {
    for (const { containerPort, protocol, name } of ports) {
      const draft = draftOf(drafts, containerPort, protocol);
      if (name !== undefined && name !== '') draft.names.add(name);
    }
    const usual = ports.length > 0 ? undefined : portOfImage(imageReference(image)?.repository.split('/').at(-1) ?? '');
    if (usual !== undefined) draftOf(drafts, usual, 'TCP');
  }
  for (const container of ['containers', 'initContainers'].flatMap((list) => objectsOf(fieldOf(spec, list))))
    for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
      const port = fieldAt(container, probe, 'httpGet', 'port');
      if (port === undefined) continue;
      const number = typeof port === 'number' ? port : portNamed(drafts, port);
      if (number !== undefined)
        draftOf(drafts, number, 'TCP').scheme = textOf(fieldAt(container, probe, 'httpGet', 'scheme')) ?? 'HTTP';
    }
  return drafts;
}

function portNamed(drafts: ReadonlyMap<string, Draft>, name: unknown): number | undefined {
  return [...drafts.values()].find(({ names }) => typeof name === 'string' && names.has(name))?.port;
}

function draftOf(drafts: Map<string, Draft>, port: number, transport: string): Draft {
  const key = `${transport} ${port}`;
  let draft = drafts.get(key);
  if (draft === undefined) {
    draft = { port, transport, texts: [], names: new Set() };
    drafts.set(key, draft);
  }
  return draft;
}

function addService(
  service: Service,
  appProtocols: ReadonlyMap<string, string>,
  positions: ReadonlyMap<Workload, number>,
  drafts: readonly Map<string, Draft>[],
): void {
  for (const each of service.ports)
    for (const { workload, port, protocol } of backendsOf(service, [each]).backends) {
      const position = positions.get(workload);
      if (position === undefined) continue;
      const draft = draftOf(drafts[position]!, port, protocol);
      const said = appProtocols.get(`${service.namespace}/${service.name} ${each.port}`);
      if (said !== undefined) draft.texts.push(said);
      if (each.name !== undefined && each.name !== '') draft.names.add(each.name);
      if (each.port !== port) draft.texts.push(...wellKnown(each.port));
    }
}

/** A Service that is reached at 443 or 80 speaks what these numbers are for, whatever the pod's own port is. */
function wellKnown(port: number): string[] {
  return port === 443 ? ['https'] : port === 80 ? ['http'] : [];
}

function appProtocolsOf(objects: readonly ManifestObject[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { kind, apiVersion, namespace, name, object } of objects) {
    if (kind !== 'Service' || apiVersion !== 'v1') continue;
    for (const port of objectsOf(fieldAt(object as JsonObject, 'spec', 'ports'))) {
      const said = textOf(fieldOf(port, 'appProtocol'));
      if (said !== undefined) found.set(`${namespace}/${name} ${String(fieldOf(port, 'port'))}`, said);
    }
  }
  return found;
}

function finish({ port, transport, texts, names, scheme }: Draft): Listener {
  const speech = speechOf([...texts, ...names], port);
  const own = { port, transport, names: [...names], ...speech };
  if (scheme === undefined) return own;
  return {
    ...own,
    protocol: speech.protocol === '' ? scheme.toLowerCase() : speech.protocol,
    encrypted: scheme === 'HTTPS',
  };
}

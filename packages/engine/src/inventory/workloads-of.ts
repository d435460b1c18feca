import {
  type Container,
  type ManifestObject,
  type Unknown,
  type Volume,
  type Workload,
  workloadId,
} from '@breakwater/model';
import { ContainerOnDemand } from './container-on-demand.ts';
import { moreExposedFirst } from './exposure-order.ts';
import { Fields, type Report, reportUnknowns } from './fields.ts';
import { isOwnedByWorkload, podSpecPath } from './pod-spec-path.ts';
import { type PodFacts, readContainer } from './read-container.ts';
import { readVolumes } from './read-volumes.ts';
import { type FindServices, serviceFinder } from './service-names.ts';

/* Longer annotations hold whole configurations, `kubectl apply` one with the values of every variable: may be secrets. */
const MAX_ANNOTATION = 1024;

const ROLES: [key: string, role: Container['role']][] = [
  ['containers', 'main'],
  ['initContainers', 'init'],
  ['ephemeralContainers', 'ephemeral'],
];

/**
 * What runs, from the objects that say so. Objects that a workload owns are left out. Where several objects define one
 * workload, the variant that gives away most counts (see `exposureRank`), and every definition is listed, that one first.
 * A field of a wrong type is an unknown with its place; the rest of the object is read.
 */
export function workloadsOf(objects: readonly ManifestObject[]): { workloads: Workload[]; unknowns: Unknown[] } {
  const unknowns: Unknown[] = [];
  const read: Reading = { container: readContainer, volumes: readVolumes };
  const workloads = readWorkloads(objects, read, (object, id) => reportUnknowns(object, id, unknowns));
  return { workloads, unknowns };
}

/**
 * The same without the unknowns, for facts that take many workloads together and little of each: see `ContainerOnDemand`.
 * Volumes are read when they are asked for too.
 */
export function workloadsOnDemand(objects: readonly ManifestObject[]): Workload[] {
  const container: Reading['container'] = (fields, role, pod) => new ContainerOnDemand(fields, role, pod);
  return readWorkloads(objects, { container, volumes: undefined }, () => unreported);
}

/** How the parts of a workload are read; volumes later where that is not said. */
interface Reading {
  container(container: Fields, role: Container['role'], pod: PodFacts): Container;
  volumes: typeof readVolumes | undefined;
}

function unreported(): void {}

function readWorkloads(
  objects: readonly ManifestObject[],
  read: Reading,
  reportOf: (object: ManifestObject, id: string) => Report,
): Workload[] {
  const variants = new Map<string, Workload[]>();
  const findersOf = serviceFinder(objects);
  for (const object of objects) {
    const path = podSpecPath(object);
    if (path === undefined || isOwnedByWorkload(object)) continue;
    const workload = readWorkload(object, path, findersOf(object.cluster), read, reportOf);
    const known = variants.get(workload.id);
    if (known === undefined) variants.set(workload.id, [workload]);
    else known.push(workload);
  }
  return Array.from(variants.values(), mergeVariants);
}

function mergeVariants(variants: Workload[]): Workload {
  if (variants.length === 1) return variants[0]!;
  const [worst, ...others] = variants.toSorted(moreExposedFirst);
  return { ...worst!, definitions: [...worst!.definitions, ...others.flatMap(({ definitions }) => definitions)] };
}

function readWorkload(
  object: ManifestObject,
  path: string[],
  findServices: FindServices,
  read: Reading,
  reportOf: (object: ManifestObject, id: string) => Report,
): Workload {
  const id = workloadId(object);
  const root = new Fields(object.object, [], reportOf(object, id));
  const metadata = root.child('metadata');
  const template = path.slice(0, -1).reduce((fields, key) => fields.child(key), root);
  const podSpec = template.child('spec');
  const podMetadata = template.child('metadata');
  const spec = root.child('spec');
  const replicas = spec.integer('replicas');
  const automountToken = podSpec.boolean('automountServiceAccountToken');
  const hostUsers = podSpec.boolean('hostUsers');
  const workload: Workload = {
    id,
    cluster: object.cluster,
    namespace: object.namespace,
    kind: object.kind,
    name: object.name,
    labels: metadata.texts('labels'),
    annotations: withoutConfigurations(metadata.texts('annotations')),
    podLabels: podMetadata.texts('labels'),
    containers: readContainers(podSpec, read, {
      annotations: podMetadata.texts('annotations'),
      context: podSpec.child('securityContext'),
      findServices: (texts) => findServices(object.namespace, texts),
    }),
    volumes: read.volumes?.(podSpec, spec) ?? [],
    serviceAccount: podSpec.string('serviceAccountName') ?? podSpec.string('serviceAccount') ?? 'default',
    hostNetwork: podSpec.boolean('hostNetwork') ?? false,
    hostPID: podSpec.boolean('hostPID') ?? false,
    hostIPC: podSpec.boolean('hostIPC') ?? false,
    podSpecPointer: path,
    definitions: [object.place],
    ...(replicas === undefined ? {} : { replicas }),
    ...(automountToken === undefined ? {} : { automountToken }),
    ...(hostUsers === undefined ? {} : { hostUsers }),
    ...(object.translation !== undefined && spec.has('networks') && { networks: readNetworks(spec) }),
  };
  if (read.volumes === undefined) readVolumesLater(workload, podSpec, spec);
  return workload;
}

/** As a field of its own, which may be spread. */
function readVolumesLater(workload: Workload, podSpec: Fields, spec: Fields): void {
  let volumes: Volume[] | undefined;
  Object.defineProperty(workload, 'volumes', {
    enumerable: true,
    get() {
      volumes ??= readVolumes(podSpec, spec);
      return volumes;
    },
  });
}

function readNetworks(spec: Fields): NonNullable<Workload['networks']> {
  return spec
    .children('networks')
    .map((network) => ({ name: network.string('name') ?? '', internal: network.boolean('internal') ?? false }));
}

function withoutConfigurations(annotations: Record<string, string>): Record<string, string> {
  for (const name of Object.keys(annotations))
    if (annotations[name]!.length > MAX_ANNOTATION || name.endsWith('/last-applied-configuration'))
      delete annotations[name];
  return annotations;
}

function readContainers(podSpec: Fields, read: Reading, pod: PodFacts): Container[] {
  const containers: Container[] = [];
  for (const [key, role] of ROLES)
    for (const container of podSpec.children(key)) containers.push(read.container(container, role, pod));
  return containers;
}

import { type Container, type ManifestObject, type Unknown, type Workload, workloadId } from '@breakwater/model';
import { moreExposedFirst } from './exposure-order.ts';
import { Fields, reportUnknowns } from './fields.ts';
import { isOwnedByWorkload, podSpecPath } from './pod-spec-path.ts';
import { readContainer } from './read-container.ts';
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
  const variants = new Map<string, Workload[]>();
  const findersOf = serviceFinder(objects);
  for (const object of objects) {
    const path = podSpecPath(object);
    if (path === undefined || isOwnedByWorkload(object)) continue;
    const workload = readWorkload(object, path, findersOf(object.cluster), unknowns);
    const known = variants.get(workload.id);
    if (known === undefined) variants.set(workload.id, [workload]);
    else known.push(workload);
  }
  return { workloads: [...variants.values()].map(mergeVariants), unknowns };
}

function mergeVariants(variants: Workload[]): Workload {
  const [worst, ...others] = variants.toSorted(moreExposedFirst);
  return { ...worst!, definitions: [...worst!.definitions, ...others.flatMap(({ definitions }) => definitions)] };
}

function readWorkload(
  object: ManifestObject,
  path: string[],
  findServices: FindServices,
  unknowns: Unknown[],
): Workload {
  const id = workloadId(object);
  const root = new Fields(object.object, [], reportUnknowns(object, id, unknowns));
  const metadata = root.child('metadata');
  const template = path.slice(0, -1).reduce((fields, key) => fields.child(key), root);
  const podSpec = template.child('spec');
  const podMetadata = template.child('metadata');
  const replicas = root.child('spec').integer('replicas');
  const automountToken = podSpec.boolean('automountServiceAccountToken');
  const hostUsers = podSpec.boolean('hostUsers');
  return {
    id,
    cluster: object.cluster,
    namespace: object.namespace,
    kind: object.kind,
    name: object.name,
    labels: metadata.texts('labels'),
    annotations: withoutConfigurations(metadata.texts('annotations')),
    podLabels: podMetadata.texts('labels'),
    containers: readContainers(podSpec, podMetadata.texts('annotations'), (texts) =>
      findServices(object.namespace, texts),
    ),
    volumes: readVolumes(podSpec, root.child('spec')),
    serviceAccount: podSpec.string('serviceAccountName') ?? podSpec.string('serviceAccount') ?? 'default',
    hostNetwork: podSpec.boolean('hostNetwork') ?? false,
    hostPID: podSpec.boolean('hostPID') ?? false,
    hostIPC: podSpec.boolean('hostIPC') ?? false,
    podSpecPointer: path,
    definitions: [object.place],
    ...(replicas === undefined ? {} : { replicas }),
    ...(automountToken === undefined ? {} : { automountToken }),
    ...(hostUsers === undefined ? {} : { hostUsers }),
    ...(object.translation !== undefined && root.child('spec').has('networks') && { networks: readNetworks(root) }),
  };
}

function readNetworks(root: Fields): NonNullable<Workload['networks']> {
  return root
    .child('spec')
    .children('networks')
    .map((network) => ({ name: network.string('name') ?? '', internal: network.boolean('internal') ?? false }));
}

function withoutConfigurations(annotations: Record<string, string>): Record<string, string> {
  const kept = Object.entries(annotations).filter(
    ([name, value]) => value.length <= MAX_ANNOTATION && !name.endsWith('/last-applied-configuration'),
  );
  return Object.fromEntries(kept);
}

function readContainers(
  podSpec: Fields,
  annotations: Record<string, string>,
  findServices: (texts: readonly string[]) => string[],
): Container[] {
  const pod = { context: podSpec.child('securityContext'), annotations, findServices };
  return ROLES.flatMap(([key, role]) => podSpec.children(key).map((container) => readContainer(container, role, pod)));
}

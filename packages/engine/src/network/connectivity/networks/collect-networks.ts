import type { ManifestObject, Unknown } from '@breakwater/model';
import { fieldAt, labelsOf } from '../../../json/index.ts';
import { InvalidPolicy, type Selector, selects } from '../../selector.ts';
import { NAMESPACE_NAME } from '../unseen-peers.ts';
import { type Network, nameOfNetwork } from './network.ts';
import { isAttachmentDefinition, parseAttachmentDefinition } from './parse-attachment-definition.ts';
import { isUserNetwork, parseUserNetwork, type UserNetwork } from './parse-user-network.ts';

/** The label without which a namespace has no primary network of its own. */
const ALLOWED = 'k8s.ovn.org/primary-user-defined-network';

/** The networks of a cluster beside its pod network. */
export interface CollectedNetworks {
  /** By namespace: the primary network of its pods, where it is not the pod network. */
  primaryOf: Map<string, Network>;
  /** By `namespace/name` of what pods ask for: the secondary network that they get. */
  definitions: Map<string, Network>;
  problems: Unknown[];
}

/**
 * Every network that objects define. One that is not valid is a problem with its place; so is a second primary network of
 * a namespace, and one for a namespace that does not allow it: pods are then where they would be without.
 */
export function collectNetworks(objects: readonly ManifestObject[], namespaces: Iterable<string>): CollectedNetworks {
  const found: CollectedNetworks = { primaryOf: new Map(), definitions: new Map(), problems: [] };
  const labels = namespaceLabels(objects, namespaces);
  const add = (namespace: string, network: Network): void => {
    if (network.role === 'secondary') found.definitions.set(`${namespace}/${network.name}`, network);
    else addPrimary(found, namespace, network, labels.get(namespace));
  };
  for (const { network, namespaces: where } of userNetworks(objects, found.problems))
    for (const namespace of namespacesOf(where, labels)) add(namespace, network);
  addDefinitions(found, objects, add);
  return found;
}

function userNetworks(objects: readonly ManifestObject[], problems: Unknown[]): UserNetwork[] {
  return objects.filter(isUserNetwork).flatMap((object) => attempt(object, problems, parseUserNetwork) ?? []);
}

/** Definitions of one network, in whichever namespaces, are one object of ours. */
function addDefinitions(
  found: CollectedNetworks,
  objects: readonly ManifestObject[],
  addPrimaryNetwork: (namespace: string, network: Network) => void,
): void {
  const byName = new Map<string, Network>();
  for (const object of objects.filter(isAttachmentDefinition)) {
    const parsed = attempt(object, found.problems, parseAttachmentDefinition);
    if (parsed === undefined) continue;
    const known = byName.get(parsed.name);
    const network = known === undefined ? parsed : joined(known, parsed);
    byName.set(network.name, network);
    if (network.role === 'primary') addPrimaryNetwork(object.namespace, network);
    else found.definitions.set(`${object.namespace}/${object.name}`, network);
  }
  for (const [definition, network] of found.definitions)
    if (network.kind === 'NetworkAttachmentDefinition') found.definitions.set(definition, byName.get(network.name)!);
}

function joined(one: Network, other: Network): Network {
  return {
    ...one,
    leadsOutside: one.leadsOutside || other.leadsOutside,
    subnets: [...one.subnets, ...other.subnets],
    places: [...one.places, ...other.places],
  };
}

function addPrimary(
  found: CollectedNetworks,
  namespace: string,
  network: Network,
  labels: ReadonlyMap<string, string> | undefined,
): void {
  const known = found.primaryOf.get(namespace);
  if (known === undefined) {
    if (labels?.has(ALLOWED) === true) found.primaryOf.set(namespace, network);
    else found.problems.push(notAllowed(namespace, network));
  } else if (nameOfNetwork(known) !== nameOfNetwork(network)) found.problems.push(second(namespace, known, network));
}

function second(namespace: string, known: Network, network: Network): Unknown {
  return {
    code: 'network-conflict',
    message: `Namespace ${namespace} has two primary networks, ${nameOfNetwork(known)} and ${nameOfNetwork(network)}: pods have one. The first is taken.`,
    place: network.places[0]!,
    hint: 'Make one of them secondary, or leave the namespace to one.',
  };
}

function notAllowed(namespace: string, network: Network): Unknown {
  return {
    code: 'network-not-allowed',
    message: `${nameOfNetwork(network)} is to be the primary network of namespace ${namespace}, which is not known to have the label ${ALLOWED}: without it its pods stay on the pod network, as is assumed here.`,
    place: network.places[0]!,
    hint: 'Give the namespace the label when it is made: it cannot be added later.',
  };
}

/** The result of a parser; undefined, and a problem with its place, where the object is not valid. */
function attempt<T>(object: ManifestObject, problems: Unknown[], parse: (object: ManifestObject) => T): T | undefined {
  try {
    return parse(object);
  } catch (error) {
    if (!(error instanceof InvalidPolicy)) throw error;
    const name = object.namespace === '' ? object.name : `${object.namespace}/${object.name}`;
    problems.push({
      code: 'network-invalid',
      message: `${object.kind} ${name} is not valid: ${error.message}. Which pods it would join or keep apart is not known; reach is computed without it.`,
      place: object.place,
      subject: `${object.cluster}/${object.namespace}/${object.kind}/${object.name}`,
      hint: 'Mend the network: the cluster refuses it as it is.',
    });
    return undefined;
  }
}

function namespacesOf(
  where: string | Selector,
  labels: ReadonlyMap<string, ReadonlyMap<string, string>>,
): readonly string[] {
  if (typeof where === 'string') return [where];
  return [...labels].filter(([, own]) => selects(where, own)).map(([name]) => name);
}

function namespaceLabels(
  objects: readonly ManifestObject[],
  namespaces: Iterable<string>,
): Map<string, ReadonlyMap<string, string>> {
  const labels = new Map<string, ReadonlyMap<string, string>>();
  for (const name of namespaces) labels.set(name, new Map([[NAMESPACE_NAME, name]]));
  for (const object of objects)
    if (object.kind === 'Namespace' && object.apiVersion === 'v1')
      labels.set(
        object.name,
        new Map([...labelsOf(fieldAt(object.object, 'metadata', 'labels')), [NAMESPACE_NAME, object.name]]),
      );
  return labels;
}

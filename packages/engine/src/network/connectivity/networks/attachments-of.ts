import type { Json, ManifestObject } from '@breakwater/model';
import { podSpecPath } from '../../../inventory/pod-spec-path.ts';
import { fieldAt, fieldOf, objectOf, objectsOf, textOf, textsOf } from '../../../json/index.ts';
import { type AddressSpan, parseAddress } from '../../address.ts';

/** A pod's wish to be on a network beside its primary one. */
export interface Attachment {
  /** `namespace/name` of the definition that leads to the network. */
  definition: string;
  /** Addresses that the pod has there; empty where they are given when it starts. */
  addresses: AddressSpan[];
}

const ANNOTATION = 'k8s.v1.cni.cncf.io/networks';
const MOST_NETWORKS = 64;

/** Networks that an object's pods ask for, by the annotation of their template. */
export function attachmentsOf(object: ManifestObject): Attachment[] {
  const path = podSpecPath(object);
  if (path === undefined) return [];
  const annotation = textOf(fieldAt(object.object, ...path.slice(0, -1), 'metadata', 'annotations', ANNOTATION));
  return annotation === undefined ? [] : parseNetworks(annotation, object.namespace);
}

/**
 * Reads `[NAMESPACE/]NAME[@INTERFACE]` with commas, or a JSON list of objects; what has neither form asks for nothing.
 */
export function parseNetworks(text: string, namespace: string): Attachment[] {
  const trimmed = text.trim();
  if (!trimmed.startsWith('['))
    return trimmed
      .split(',', MOST_NETWORKS)
      .map((item) => item.trim().replace(/@.*$/, ''))
      .filter((item) => item !== '')
      .map((item) => ({ definition: item.includes('/') ? item : `${namespace}/${item}`, addresses: [] }));
  return objectsOf(parsed(trimmed))
    .slice(0, MOST_NETWORKS)
    .flatMap((item) => {
      const name = textOf(fieldOf(item, 'name'));
      if (name === undefined) return [];
      const addresses = textsOf(fieldOf(item, 'ips')).flatMap(addressOf);
      return [{ definition: `${textOf(fieldOf(item, 'namespace')) ?? namespace}/${name}`, addresses }];
    });
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Networks of a virtual machine of KubeVirt, whose addresses its first start may set. */
export function attachmentsOfMachine(spec: Json | undefined, namespace: string): Attachment[] {
  const machine = objectOf(spec);
  const addresses = objectsOf(fieldOf(machine, 'volumes')).flatMap((volume) =>
    ['cloudInitNoCloud', 'cloudInitConfigDrive'].flatMap((kind) =>
      addressesIn(textOf(fieldAt(volume, kind, 'networkData')) ?? ''),
    ),
  );
  return objectsOf(fieldOf(machine, 'networks')).flatMap((network) => {
    const name = textOf(fieldAt(network, 'multus', 'networkName'));
    if (name === undefined) return [];
    return [{ definition: name.includes('/') ? name : `${namespace}/${name}`, addresses }];
  });
}

/** The items of each `addresses:` in the network configuration of cloud-init. */
function addressesIn(text: string): AddressSpan[] {
  const found: AddressSpan[] = [];
  let inside = false;
  for (const line of text.slice(0, 65_536).split('\n')) {
    const [, inline] = /^\s*addresses:\s*(.*)$/.exec(line) ?? [];
    const item: string | undefined = inside ? /^\s*-\s*(\S+)\s*$/.exec(line)?.[1] : undefined;
    if (inline !== undefined) found.push(...inline.replace(/[[\]]/g, '').split(',').flatMap(addressOf));
    else if (item !== undefined) found.push(...addressOf(item));
    inside = inline === '' || item !== undefined;
  }
  return found;
}

/** One address, with or without the length of its network's prefix. */
function addressOf(text: string): AddressSpan[] {
  const [address = ''] = text
    .trim()
    .replace(/^["']|["']$/g, '')
    .split('/');
  const parsedAddress = parseAddress(address);
  if (parsedAddress === undefined) return [];
  const { family, value } = parsedAddress;
  return [{ family, first: value, last: value }];
}

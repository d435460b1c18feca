import type { ManifestObject } from '@breakwater/model';
import { fieldAt, textOf } from '../json/index.ts';

/** What is known of the network between pods. */
export interface Segment {
  /** Name of the plug-in; empty where none is in view. */
  plugin: string;
  /**
   * Whether pods of one node share a segment on which one may answer in the name of another (a bridge); undefined where
   * that is not known.
   */
  shared: boolean | undefined;
  /** Traffic between nodes is encrypted, so that nobody around them reads it. On one node it is not. */
  encrypted: boolean;
}

interface Plugin {
  name: string;
  /** Names of its daemon sets. */
  daemon: RegExp;
  /** Bridges forward what pods say of themselves; routers answer for every address and drop what is forged. */
  shared: boolean;
}

const PLUGINS: readonly Plugin[] = [
  { name: 'cilium', daemon: /^cilium$/, shared: false },
  { name: 'calico', daemon: /^(calico-node|canal)$/, shared: false },
  { name: 'aws-vpc', daemon: /^aws-node$/, shared: false },
  { name: 'antrea', daemon: /^antrea-agent$/, shared: false },
  { name: 'ovn-kubernetes', daemon: /^ovnkube-node$/, shared: false },
  { name: 'flannel', daemon: /^kube-flannel(-ds)?(-[a-z0-9]+)?$/, shared: true },
  { name: 'weave', daemon: /^weave-net$/, shared: true },
  { name: 'kindnet', daemon: /^kindnet$/, shared: false },
  { name: 'kube-router', daemon: /^kube-router$/, shared: true },
];

/** The plug-in of the pods' network, by its daemon set, and whether it encrypts, by its configuration. */
export function segmentOf(objects: readonly ManifestObject[]): Segment {
  const daemons = objects.filter(({ kind }) => kind === 'DaemonSet').map(({ name }) => name);
  const found = PLUGINS.find(({ daemon }) => daemons.some((name) => daemon.test(name)));
  return { plugin: found?.name ?? '', shared: found?.shared, encrypted: objects.some(encrypts) };
}

/** WireGuard or IPsec of Cilium, Calico, Flannel, Antrea. */
function encrypts({ kind, name, object, apiVersion }: ManifestObject): boolean {
  if (kind === 'ConfigMap' && name === 'cilium-config')
    return ['enable-wireguard', 'enable-ipsec'].some((key) => textOf(fieldAt(object, 'data', key)) === 'true');
  if (kind === 'ConfigMap' && name.startsWith('kube-flannel'))
    return /"Type"\s*:\s*"(wireguard|ipsec)"/i.test(textOf(fieldAt(object, 'data', 'net-conf.json')) ?? '');
  if (kind === 'ConfigMap' && name.startsWith('antrea-config'))
    return /^[ \t]*trafficEncryptionMode:[ \t]*"?(wireGuard|ipsec)/im.test(
      textOf(fieldAt(object, 'data', 'antrea-agent.conf')) ?? '',
    );
  if (kind === 'FelixConfiguration' && /projectcalico\.org\//.test(apiVersion))
    return fieldAt(object, 'spec', 'wireguardEnabled') === true;
  return false;
}

import type { BehaviourProfile, JsonObject } from '@breakwater/model';
import { parseAddress } from '../../network/index.ts';

/** To what a container connects, read from the object of a `connect` behaviour. */
export interface Peer {
  /** An address, a DNS name, or a class of addresses: `internet`. */
  host: string;
  kind: 'address' | 'name' | 'class';
  /** A star where it was given by chance. */
  port: string;
  /** `TCP`, `UDP`, ... */
  protocol: string;
}

const CLASSES: ReadonlySet<string> = new Set(['internet', 'private', 'loopback', 'link-local', 'multicast', 'unknown']);
const PEER = /^(?<host>.{1,253}):(?<port>\*|\d{1,5})\/(?<protocol>[A-Za-z]{2,10})$/;
const PORT = /^(?<port>\*|\d{1,5})\/(?<protocol>[A-Za-z]{2,10})$/;

/** Reads `host:443/TCP`; undefined where it is none, such as a socket that is a file. */
export function parsePeer(object: string): Peer | undefined {
  const { host, port, protocol } = PEER.exec(object)?.groups ?? {};
  if (host === undefined || port === undefined || protocol === undefined || !isPort(port)) return undefined;
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  const kind = parseAddress(bare) !== undefined ? 'address' : CLASSES.has(bare) ? 'class' : 'name';
  return { host: bare, kind, port, protocol: protocol.toUpperCase() };
}

/** Reads `8080/TCP`. */
export function parsePort(object: string): Pick<Peer, 'port' | 'protocol'> | undefined {
  const { port, protocol } = PORT.exec(object)?.groups ?? {};
  if (port === undefined || protocol === undefined || !isPort(port)) return undefined;
  return { port, protocol: protocol.toUpperCase() };
}

const isPort = (text: string): boolean => text === '*' || Number(text) <= 65_535;

/** Blocks that stand for a class of addresses, as a NetworkPolicy writes them. */
export interface Block extends JsonObject {
  cidr: string;
}

const PRIVATE = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16'];
const LINK_LOCAL = '169.254.0.0/16';

const BLOCKS: Readonly<Record<string, Block[]>> = {
  internet: [
    { cidr: '0.0.0.0/0', except: [...PRIVATE, LINK_LOCAL].sort() },
    { cidr: '::/0', except: ['fc00::/7', 'fe80::/10'] },
  ],
  private: [...PRIVATE, 'fc00::/7'].map((cidr) => ({ cidr })),
  'link-local': [{ cidr: LINK_LOCAL }, { cidr: 'fe80::/10' }],
  multicast: [{ cidr: '224.0.0.0/4' }, { cidr: 'ff00::/8' }],
};

/** The blocks that a peer is in; undefined for a name or what is unknown, which no block says. */
export function blocksOf({ host, kind }: Peer): Block[] | undefined {
  if (kind === 'class') return BLOCKS[host];
  if (kind === 'name') return undefined;
  return [{ cidr: `${host}/${host.includes(':') ? 128 : 32}` }];
}

/** Whether a connection never leaves its pod. */
export const isLoopback = ({ host }: Peer): boolean =>
  host === 'loopback' || host === 'localhost' || host === '::1' || host.startsWith('127.');

/** Each peer of a profile's connections, and the objects that could not be read as one. */
export function peersOf(profile: BehaviourProfile): { peers: Peer[]; others: string[] } {
  const peers: Peer[] = [];
  const others: string[] = [];
  for (const { dimension, object } of profile.behaviours) {
    if (dimension !== 'connect') continue;
    const peer = parsePeer(object);
    if (peer === undefined) others.push(object);
    else peers.push(peer);
  }
  return { peers, others };
}

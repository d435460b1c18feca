import type { RuntimeEvent } from '@breakwater/model';

/** Ports that Linux gives to whoever asks for any (net.ipv4.ip_local_port_range). */
const FIRST_EPHEMERAL = 32_768;
const LAST_EPHEMERAL = 60_999;
/** Services that listen there all the same: MySQL X, Erlang and Jenkins agents, gRPC, WireGuard, Hadoop, HBase. */
const SERVICES = new Set([
  33_060, 35_357, 35_672, 44_818, 47_808, 50_000, 50_010, 50_051, 50_070, 50_075, 51_820, 60_000,
]);
/** Addresses that are the same thing everywhere, by which a cloud tells a machine its credentials. */
const FIXED = new Set([
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '100.100.100.200',
  '168.63.129.16',
  'fd00:ec2::254',
]);
/** Parts of a name that differ from host to host: an address in it, or a hash. */
const ADDRESS_IN_NAME = /\d{1,3}(?:-\d{1,3}){3}/g;
const HASH_IN_NAME = /(?<![a-z0-9])(?=[a-f]*\d)[0-9a-f]{8,}(?![a-z0-9])/g;

/** Whom a connection goes to: `name:port/TCP`, or `169.254.169.254:80/TCP`, or the address's class, `internet:443/TCP`. */
export function peerObject({ name, address, port, protocol }: NonNullable<RuntimeEvent['peer']>): string {
  return `${name === undefined || name === '' ? addressClass(address) : steadyName(name)}:${portObject(port, protocol)}`;
}

/** `443/TCP`; a star stands for a port that was given by chance. */
export function portObject(port: number, protocol = 'TCP'): string {
  const isEphemeral = port >= FIRST_EPHEMERAL && port <= LAST_EPHEMERAL && !SERVICES.has(port);
  return `${isEphemeral ? '*' : port}/${protocol.toUpperCase()}`;
}

const steadyName = (name: string): string =>
  name.toLowerCase().replace(/\.$/, '').replace(ADDRESS_IN_NAME, '*').replace(HASH_IN_NAME, '*');

/** Addresses of pods and hosts change with each release and host: of those that nobody named only the class stays. */
function addressClass(address: string): string {
  const text = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  if (FIXED.has(text)) return text;
  if (text.includes(':')) return classOfSix(text);
  return /^\d/.test(text) ? classOfFour(text.split('.').map(Number)) : 'unknown';
}

function classOfFour([first = 0, second = 0]: readonly number[]): string {
  if (first === 127 || first === 0) return 'loopback';
  if (first === 169 && second === 254) return 'link-local';
  if (first >= 224) return 'multicast';
  const isPrivate =
    first === 10 ||
    (first === 172 && second >= 16 && second <= 31) ||
    (first === 192 && second === 168) ||
    (first === 100 && second >= 64 && second <= 127);
  return isPrivate ? 'private' : 'internet';
}

function classOfSix(text: string): string {
  if (text === '::1' || text === '::') return 'loopback';
  if (/^fe[89ab]/.test(text)) return 'link-local';
  if (text.startsWith('ff')) return 'multicast';
  return /^f[cd]/.test(text) ? 'private' : 'internet';
}

import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { UserError } from '@breakwater/model';

/**
 * Where an address leads: `loopback` to this machine, `private` into a network that is not routed, `reserved` to what no
 * server has (link-local with its metadata services, multicast, protocols), `public` to the Internet.
 */
export type AddressClass = 'public' | 'private' | 'loopback' | 'reserved';

const PRIVATE = addresses('10.0.0.0/8 100.64.0.0/10 172.16.0.0/12 192.168.0.0/16', 'fc00::/7');
const LOOPBACK = addresses('127.0.0.0/8', '::1/128');
/** The rest of what IANA's special-purpose registries set apart from the public Internet. */
const RESERVED = addresses(
  '0.0.0.0/8 169.254.0.0/16 192.0.0.0/24 198.18.0.0/15 224.0.0.0/4 240.0.0.0/4',
  '::/128 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/32 2002::/16 fe80::/10 ff00::/8',
);

/** The class of an address in its numeric form. */
export function classOfAddress(address: string): AddressClass {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (LOOPBACK.check(address, family)) return 'loopback';
  if (PRIVATE.check(address, family)) return 'private';
  return RESERVED.check(address, family) ? 'reserved' : 'public';
}

/** The host of an address without the brackets that an IPv6 address has there. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/**
 * Resolves as the system does, once for each connection, and refuses a name any of whose addresses is of a class that
 * is not allowed: a change of DNS between check and use changes nothing.
 */
export function lookupAllowed(allowed: (found: AddressClass) => boolean, hint: string): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const found: LookupAddress[] = addresses ?? [];
      if (error !== null) return callback(error, []);
      if (!found.every(({ address }) => allowed(classOfAddress(address)))) return callback(refused(hostname, hint), []);
      if (options.all) return callback(null, found);
      const [first] = found;
      callback(null, first?.address ?? '', first?.family);
    });
  };
}

/** Refuses a host that is written as an address of a class that is not allowed: such a one is never looked up. */
export function refuseAddress(host: string, allowed: (found: AddressClass) => boolean, hint: string): void {
  if (isIP(host) !== 0 && !allowed(classOfAddress(host))) throw refused(host, hint);
}

function refused(host: string, hint: string): UserError {
  return new UserError(`${host} is on this machine or in a private network`, { code: 'address-refused', hint });
}

function addresses(v4: string, v6: string): BlockList {
  const list = new BlockList();
  for (const [family, ranges] of [
    ['ipv4', v4],
    ['ipv6', v6],
  ] as const) {
    for (const range of ranges.split(' ')) {
      const [network = '', prefix] = range.split('/');
      list.addSubnet(network, Number(prefix), family);
    }
  }
  return list;
}

import { gainingPrograms } from '@breakwater/engine/compile/seccomp';
import { guardOfCall } from '@breakwater/engine/prevention';
import type { Behaviour, BehaviourProfile } from '@breakwater/model';
import type { AllowedPeers, Permit } from '../kernel/index.ts';
import { parsePeer } from './parse-peer.ts';

/** What guards let because a profile holds it, and what of the profile they cannot tell apart. */
export interface ProfilePermits {
  permits: Permit[];
  allowed: AllowedPeers[];
  /** As sentences: where more is let than was recorded, or less. */
  gaps: string[];
}

/** Addresses of the classes by which profiles know peers that nobody named. */
const CLASSES: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1'],
  'link-local': ['169.254.0.0/16', 'fe80::/10'],
  multicast: ['224.0.0.0/4', 'ff00::/8'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'],
  internet: ['0.0.0.0/0', '::/0'],
};
const ANYWHERE = ['0.0.0.0/0', '::/0'];

/** Reads what a profile lets: a plain set of behaviours, however it came to be. */
export function permitsOfProfile(profile: BehaviourProfile): ProfilePermits {
  const found: ProfilePermits = { permits: [], allowed: [], gaps: [] };
  for (const object of gainingPrograms(profile)) found.permits.push({ guard: 'gains', object });
  const patterns = new Set<string>();
  const names = new Set<string>();
  for (const behaviour of profile.behaviours) {
    if (behaviour.dimension === 'connect') connection(behaviour, found, names);
    else found.permits.push(...permitsOf(behaviour).filter((permit) => isWhole(permit, patterns)));
  }
  if (names.size > 0)
    found.gaps.push(`${list(names)}: the kernel knows addresses and no names, so their ports are let anywhere`);
  if (patterns.size > 0) found.gaps.push(`${list(patterns)}: names with a part by chance are not let`);
  return found;
}

function permitsOf({ dimension, actor, object, inImage }: Behaviour): Permit[] {
  const by = actor === '' ? {} : { actor };
  if (dimension === 'exec') return inImage === false ? [] : [{ guard: 'starts', ...by, object }];
  if (dimension === 'open') return [{ guard: 'credentials', ...by, object }];
  if (dimension !== 'privilege' && dimension !== 'syscall') return [];
  const [call = '', ...words] = object.split(' ');
  const guard = guardOfCall(call);
  return guard === undefined || words.includes('failed') ? [] : [{ guard, ...by }];
}

/** Permits are exact. Of folders of data (`/var/log/*`) none is a credential, and a program is rarely by chance. */
function isWhole({ guard, actor = '', object = '' }: Permit, patterns: Set<string>): boolean {
  if (!actor.includes('*') && !object.includes('*')) return true;
  if (guard === 'starts') patterns.add(object.includes('*') ? object : actor);
  return false;
}

/** `name:port/TCP`, `class:port/TCP`, an address, or `unix:/path`. */
function connection({ object, actor }: Behaviour, found: ProfilePermits, names: Set<string>): void {
  if (object.startsWith('unix:')) {
    const path = object.slice('unix:'.length);
    const by = actor === '' ? {} : { actor };
    found.permits.push(
      { guard: 'sockets', ...by, object: path },
      { guard: 'sockets', ...by, object: path, isText: true },
    );
    return;
  }
  const [, host = '', portText = ''] = /^(.*):([\d*]+)\/\w+$/.exec(object) ?? [];
  if (host === '') return;
  const port = portText === '*' ? 0 : Number(portText);
  const addresses = CLASSES[host] ?? (/^[\d.]+$|:/.test(host) ? [host] : undefined);
  if (addresses === undefined) names.add(host);
  found.allowed.push(...(addresses ?? ANYWHERE).map((address) => ({ ...parsePeer(address), port })));
}

const list = (names: ReadonlySet<string>): string => {
  const all = [...names];
  return all.length > 5 ? `${all.slice(0, 5).join(', ')} and ${all.length - 5} more` : all.join(', ');
};

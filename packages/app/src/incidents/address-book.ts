import type { SubjectsAt } from '@breakwater/engine/incident';
import { RecentMap } from '@breakwater/engine/policy/events';
import type { RuntimeEvent } from '@breakwater/model';

/** Addresses and names that are remembered; the longest unseen go first. */
const MOST = 50_000;
const LOCAL = /^(?:127\.|0\.0\.0\.0$|::1?$|::ffff:127\.|169\.254\.|fe80:)/i;
const SERVICE = /^([a-z0-9][a-z0-9-]*)(?:\.([a-z0-9][a-z0-9-]*))?(?:\.svc(?:\..+)?)?\.?$/i;

/**
 * Who is at which address, from the events themselves: a socket's own end is an address of its container. Workloads are
 * found by the names of their services too, which are called like them nearly everywhere.
 */
export class AddressBook {
  readonly #byAddress = new RecentMap<string>(MOST);
  readonly #byName = new RecentMap<string>(MOST);

  /** Learns what an event of a subject tells. */
  note({ local, pod, type }: RuntimeEvent, subject: string): void {
    if (pod !== undefined && pod.workload !== undefined)
      remember(this.#byName, `${pod.namespace}/${pod.workload}`, subject);
    if (local === undefined || LOCAL.test(local.address)) return;
    if (type === 'accept' || type === 'connect') remember(this.#byAddress, placeOf(local.address), subject);
  }

  readonly subjectsAt: SubjectsAt = ({ address, name }, { pod }) => {
    const found = new Set<string>();
    const own = LOCAL.test(address) ? undefined : this.#byAddress.get(placeOf(address));
    if (own !== undefined) found.add(own);
    const [, service, namespace = pod?.namespace] = SERVICE.exec(name ?? '') ?? [];
    const named = service === undefined ? undefined : this.#byName.get(`${namespace}/${service}`);
    if (named !== undefined) found.add(named);
    return [...found];
  };
}

const placeOf = (address: string): string => address.toLowerCase().replace(/^::ffff:/, '');

function remember(map: RecentMap<string>, key: string, subject: string): void {
  if (map.get(key) !== subject) map.set(key, subject);
}

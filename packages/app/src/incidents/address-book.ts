import type { SubjectsAt } from '@breakwater/engine/incident';
import { RecentMap } from '@breakwater/engine/policy/events';
import { type RuntimeEvent, subjectOfWorkload, workloadOfSubject } from '@breakwater/model';
import type { EstateAddresses } from './estate-addresses.ts';

/** Addresses and names that are remembered; the longest unseen go first. */
const MOST = 50_000;
const LOCAL = /^(?:127\.|0\.0\.0\.0$|::1?$|::ffff:127\.|169\.254\.|fe80:)/i;
const SERVICE = /^([a-z0-9][a-z0-9-]*)(?:\.([a-z0-9][a-z0-9-]*))?(?:\.svc(?:\..+)?)?\.?$/i;

/** Who is at a place, by cluster. */
type Placed = ReadonlyMap<string, readonly string[]>;

/**
 * Who is at which address: from the estate's Services, EndpointSlices and pods, and from the events themselves, as a
 * socket's own end is an address of its container. Where the estate knows no Service of a name, a workload of that name is
 * taken for it, which Services are called like nearly everywhere. Clusters use the same addresses and names: of one that an
 * event names only that one's count, and what the estate knows by them is called as events of that cluster are.
 */
export class AddressBook {
  readonly #byAddress = new RecentMap<string>(MOST);
  readonly #byName = new RecentMap<string>(MOST);
  #estate: ReadonlyMap<string, Placed> = new Map();

  /** Takes what an estate says, in place of what one said before. */
  know({ places }: EstateAddresses): void {
    const estate = new Map<string, Map<string, readonly string[]>>();
    for (const { cluster, place, subjects } of places) {
      const key = place.includes('/') ? place : placeOf(place);
      const known = estate.get(key) ?? new Map<string, readonly string[]>();
      estate.set(key, known);
      // A Service's address is told before a pod's of long ago that had the same.
      if (!known.has(cluster)) known.set(cluster, subjects);
    }
    this.#estate = estate;
  }

  /** Learns what an event of a subject tells. */
  note({ local, pod, type }: RuntimeEvent, subject: string): void {
    if (pod !== undefined && pod.workload !== undefined)
      remember(this.#byName, nameIn(pod.cluster, `${pod.namespace}/${pod.workload}`), subject);
    if (local === undefined || LOCAL.test(local.address)) return;
    if (type === 'accept' || type === 'connect')
      remember(this.#byAddress, nameIn(pod?.cluster, placeOf(local.address)), subject);
  }

  readonly subjectsAt: SubjectsAt = ({ address, name }, { pod }) => {
    const place = LOCAL.test(address) ? undefined : placeOf(address);
    const [, service, namespace = pod?.namespace] = SERVICE.exec(name ?? '') ?? [];
    const named = service === undefined ? undefined : `${namespace}/${service}`;
    // Whoever was seen at an address has it now; what is behind a name the estate knows better.
    const own = place === undefined ? undefined : this.#byAddress.get(nameIn(pod?.cluster, place));
    const at = own === undefined ? this.#written(place, pod?.cluster) : [own];
    const written = this.#written(named?.toLowerCase(), pod?.cluster);
    const alike = named === undefined || written.length > 0 ? undefined : this.#byName.get(nameIn(pod?.cluster, named));
    return [...new Set([...at, ...written, ...(alike === undefined ? [] : [alike])])];
  };

  /** Of several clusters that use the address, the one that the event is of; of one alone that one. */
  #written(place: string | undefined, cluster: string | undefined): readonly string[] {
    const known = this.#estate.get(place ?? '');
    const exact = cluster === undefined ? undefined : known?.get(cluster);
    const found = exact ?? (known?.size === 1 ? ([...known.values()][0] ?? []) : []);
    return cluster === undefined ? found : found.map((subject) => asIn(cluster, subject));
  }
}

const placeOf = (address: string): string => address.toLowerCase().replace(/^::ffff:/, '');

const nameIn = (cluster: string | undefined, name: string): string => `${cluster ?? ''}\0${name}`;

function asIn(cluster: string, subject: string): string {
  const workload = workloadOfSubject(subject);
  return workload === undefined ? subject : subjectOfWorkload({ ...workload, cluster });
}

function remember(map: RecentMap<string>, key: string, subject: string): void {
  if (map.get(key) !== subject) map.set(key, subject);
}

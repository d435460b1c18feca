import type { ClusterKind, ClusterList } from '@breakwater/model';
import { plural } from '../words/numbers.ts';
import { inFull } from '../words/times.ts';
import styles from './clusters.module.css';

type Cluster = ClusterList['items'][number];

/** Something of a cluster that is not known. */
interface Unread {
  key: string;
  what: string;
  why: string;
  /** Names of kinds, where they are many. */
  kinds: string[];
}

/** What of clusters is not known: kinds that may not be read, and stretches of time that nobody saw. */
export function UnreadKinds({ list }: { list: ClusterList }) {
  const unread = list.items.flatMap((cluster) => [
    ...refusedKinds(cluster),
    ...polledKinds(cluster),
    ...gapsOf(cluster),
  ]);
  if (unread.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="unread-kinds">
      <header>
        <h2 id="unread-kinds">Not known</h2>
        <span>Policies that need it are undecided</span>
      </header>
      <ul className={styles.unread}>
        {unread.map(({ key, what, why, kinds }) => (
          <li key={key}>
            <b>{what}</b>
            <div>
              <p>{why}</p>
              {kinds.length > 0 && <p className="soft">{kinds.join(', ')}</p>}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function refusedKinds({ name, kinds }: Cluster): Unread[] {
  const refused = kinds.filter(({ state }) => state === 'refused');
  return [...Map.groupBy(refused, ({ namespace }) => namespace)].map(([namespace, own]) => ({
    key: `${name} refused ${namespace ?? ''}`,
    what: `${plural(own.length, 'kind')} of ${name}`,
    why: `List and watch ${namespace === undefined ? 'in all namespaces' : `in namespace ${namespace}`} is not permitted. The command breakwater cluster rbac prints the role that it takes.`,
    kinds: own.map((kind) => kind.name),
  }));
}

function polledKinds({ name, kinds }: Cluster): Unread[] {
  const polled = kinds.filter(({ state }) => state === 'polling');
  if (polled.length === 0) return [];
  const why = 'They may be listed and not watched: they are read once a minute.';
  const what = `${plural(polled.length, 'kind')} of ${name}`;
  return [{ key: `${name} polled`, what, why, kinds: polled.map((kind) => kind.name) }];
}

/** Gaps of several kinds at one time have one cause: a server that began anew. */
function gapsOf({ name, kinds }: Cluster): Unread[] {
  const gapped = kinds.filter(({ gaps }) => gaps.length > 0);
  const last = gapped.flatMap(({ gaps }: ClusterKind) => gaps).sort((a, b) => (a.until < b.until ? 1 : -1))[0];
  if (last === undefined) return [];
  const why = `What changed between ${inFull(last.from)} and ${inFull(last.until)} is known, the states in between are not: the server had forgotten them.`;
  return [{ key: `${name} gaps`, what: `A gap in ${name}`, why, kinds: gapped.map((kind) => kind.name) }];
}

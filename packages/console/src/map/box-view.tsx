import type { EstateMap, MapBox, MapLink } from '@breakwater/model';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { workloadAddress } from '../client/addresses.ts';
import { useRoute } from '../client/queries.ts';
import { useDrawerAddress } from '../client/scope.ts';
import { EmptyState, ErrorState, LinesSkeleton } from '../states/states.tsx';
import { count, plural, points, probability } from '../words/numbers.ts';
import { groupNamespaces } from './group-namespaces.ts';
import { labelsOf } from './labels-of.ts';
import styles from './map.module.css';
import { Ends } from './map-table.tsx';

/** Workloads and ways that are shown before one asks for more. */
const FIRST = 15;

/** What a box of the map holds, what leads to it, and where it leads. */
export function BoxView({ id }: { id: string }) {
  const { data, error, refetch } = useRoute('/api/map');
  const map = useMemo(
    () => (data !== undefined && id.startsWith('namespace:') ? groupNamespaces(data) : data),
    [data, id],
  );
  const box = map?.boxes.find((each) => each.id === id);
  if (error !== null) return <ErrorState error={error} retry={() => void refetch()} inside />;
  if (map === undefined) return <LinesSkeleton />;
  if (box === undefined) {
    return (
      <EmptyState inside title="It is no longer on the map">
        The estate changed since this address was made.
      </EmptyState>
    );
  }
  return (
    <div className="drawer-view">
      <h3>{box.label}</h3>
      <p className="soft">{place(box)}</p>
      {box.notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
      {box.workloads.length > 0 && <Members box={box} />}
      <Ways map={map} title="What leads here" links={map.links.filter(({ to }) => to.includes(id))} end="from" />
      <Ways map={map} title="Where it leads" links={map.links.filter(({ from }) => from.includes(id))} end="to" />
    </div>
  );
}

function place({ kind, cluster, namespace, points: worth }: MapBox): string {
  const where = [cluster, namespace].filter((part) => part !== '').join(' / ');
  if (kind === 'workloads') return `${where} · greatest loss ${points(worth)}`;
  return worth > 0 ? `Value ${points(worth)}` : 'No value of its own';
}

function Members({ box: { workloads } }: { box: MapBox }) {
  const [all, setAll] = useState(false);
  const shown = all ? workloads : workloads.slice(0, FIRST);
  return (
    <section aria-labelledby="members">
      <h2 id="members">{plural(workloads.length, 'workload')}</h2>
      <ul className={styles.list}>
        {shown.map(({ id, kind, name, loss }) => (
          <li key={id}>
            <span>
              <Link href={workloadAddress(id)}>{name}</Link> <span className="soft">{kind}</span>
            </span>
            <span className="number">{points(loss)}</span>
          </li>
        ))}
      </ul>
      {shown.length < workloads.length && (
        <button type="button" className="plain-button" onClick={() => setAll(true)}>
          Show all {count(workloads.length)}
        </button>
      )}
    </section>
  );
}

const KINDS: readonly MapLink['kind'][] = ['attack', 'entry', 'exit', 'reach'];

function Ways(props: { map: EstateMap; title: string; links: readonly MapLink[]; end: 'from' | 'to' }) {
  const { map, title, links, end } = props;
  const [all, setAll] = useState(false);
  const drawer = useDrawerAddress();
  const labels = useMemo(() => labelsOf(map), [map]);
  const sorted = links.toSorted((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
  const shown = all ? sorted : sorted.slice(0, FIRST);
  return (
    <section aria-labelledby={end}>
      <h2 id={end}>{title}</h2>
      {links.length === 0 && <p className="soft">Nothing that was read.</p>}
      <ul className={styles.list}>
        {shown.map((link) => (
          <li key={link.id}>
            <span>
              <Ends ids={link[end]} labels={labels} most={2} />{' '}
              <Link href={drawer('link', link.id)} className={styles.how}>
                {link.phrase}
              </Link>
            </span>
            <span className="number soft">
              {link.kind === 'attack' ? probability(link.probability ?? 1) : 'allowed'}
            </span>
          </li>
        ))}
      </ul>
      {shown.length < links.length && (
        <button type="button" className="plain-button" onClick={() => setAll(true)}>
          Show all {count(links.length)}
        </button>
      )}
    </section>
  );
}

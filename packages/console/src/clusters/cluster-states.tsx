import type { ClusterList } from '@breakwater/model';
import { ColumnHeads } from '../marks/column-heads.tsx';
import { Notice } from '../states/states.tsx';
import { count, plural } from '../words/numbers.ts';
import { age, inFull } from '../words/times.ts';
import styles from './clusters.module.css';

type Cluster = ClusterList['items'][number];

/** Each cluster that is followed, with its state. */
export function ClusterStates({ list }: { list: ClusterList }) {
  const now = Date.now();
  const objects = list.items.reduce((sum, item) => sum + item.objects, 0);
  return (
    <section className="panel" aria-labelledby="clusters">
      <header>
        <h2 id="clusters">Clusters</h2>
        <span>{plural(objects, 'object')} known</span>
      </header>
      <div className="scroll-x">
        <table className="rows">
          <ColumnHeads
            of={[
              'Cluster',
              'State',
              { name: 'Objects', className: 'number wide-only' },
              { name: 'Failures', className: 'number' },
              { name: 'Undecided', className: 'number wide-only' },
              { name: 'Unneeded', className: 'number' },
              { name: 'Heard of', className: 'wide-only' },
            ]}
          />
          <tbody>
            {list.items.map((item) => (
              <tr key={item.name}>
                <td className={styles.name} title={item.server}>
                  {item.name} <span className="soft wide-only">{item.version}</span>
                </td>
                <td>
                  <span className={styles.state} data-state={isAway(item) ? 'away' : 'followed'}>
                    {stateWords(item)}
                  </span>
                </td>
                <td className="number wide-only">{figure(item, item.objects)}</td>
                <td className="number">{figure(item, item.failing)}</td>
                <td className="number wide-only">{figure(item, item.undecided)}</td>
                <td className="number">{figure(item, item.sprawl)}</td>
                <td className="wide-only soft">
                  <Heard cluster={item} now={now} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {list.items.map((item) => {
        const trouble = troubleOf(item);
        return (
          trouble !== undefined && (
            <div key={item.name} className="inside">
              <Notice>
                <b>{trouble.message}</b> {trouble.hint ?? ''} It is tried again all the time; what was known before
                stays.
              </Notice>
            </div>
          )
        );
      })}
    </section>
  );
}

function Heard({ cluster, now }: { cluster: Cluster; now: number }) {
  const last = cluster.kinds
    .flatMap(({ heardAt }) => heardAt ?? [])
    .sort()
    .at(-1);
  if (last === undefined) return 'not yet';
  return (
    <time dateTime={last} title={inFull(last)}>
      {age(last, now)} ago
    </time>
  );
}

/** Of a cluster that never answered nothing is known, which is not nothing. */
function figure({ server }: Cluster, value: number): string {
  return server === '' ? 'unknown' : count(value);
}

/** The trouble of the whole, else that of most kinds: when a cluster is away, all of them say so. */
function troubleOf({ trouble, kinds }: Cluster): Cluster['trouble'] {
  const away = kinds.filter(({ state }) => state === 'reconnecting');
  return trouble ?? (away.length * 2 > kinds.length ? away[0]?.trouble : undefined);
}

function isAway(cluster: Cluster): boolean {
  return troubleOf(cluster) !== undefined;
}

function stateWords(cluster: Cluster): string {
  if (isAway(cluster)) return 'Away';
  const listing = cluster.kinds.filter(({ state }) => state === 'listing').length;
  if (listing > 0) return `${plural(listing, 'kind')} to be read`;
  const refused = cluster.kinds.filter(({ state }) => state === 'refused').length;
  return refused > 0 ? `${plural(refused, 'kind')} may not be read` : 'Followed';
}

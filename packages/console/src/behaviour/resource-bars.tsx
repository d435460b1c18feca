import type { ReleaseComparison, ResourceUse } from '@breakwater/model';
import { bytes, count } from '../words/numbers.ts';
import { asSentence } from '../words/sentence-parts.ts';
import styles from './behaviour.module.css';

const WIDTH = 240;
/** Characters of a replica's name that tell it apart: ids of containers are long. */
const NAME = 40;

const RESOURCE_WORDS: Readonly<Record<string, string>> = {
  cpu: 'Processor',
  memory: 'Memory',
  tasks: 'Processes and threads',
  received: 'Received',
  sent: 'Sent',
};

/** What one replica uses: half of the time below the first mark, then 95 and 99 of 100, and the most there ever was. */
export function ResourceBars({ resources }: { resources: readonly ResourceUse[] }) {
  return (
    <section className="panel" aria-labelledby="resources">
      <header>
        <h2 id="resources">What a replica uses</h2>
        <span>median, 95 %, 99 %, highest</span>
      </header>
      {resources.length === 0 && <p className="inside soft">Nobody tells what it uses.</p>}
      <ul className={styles.resources}>
        {resources.map((use) => (
          <li key={use.resource}>
            <p>
              {RESOURCE_WORDS[use.resource] ?? asSentence(use.resource)}{' '}
              <span className="soft">{count(use.samples)} samples</span>
            </p>
            <QuantileBar use={use} />
            <p className="tabular">
              {amount(use.resource, use.median)} <span className="soft">median</span>, {amount(use.resource, use.p95)}{' '}
              <span className="soft">95 %</span>, {amount(use.resource, use.p99)} <span className="soft">99 %</span>,{' '}
              {amount(use.resource, use.highest)} <span className="soft">highest</span>
            </p>
            {use.above?.map(({ replica, minutes, usual }) => (
              <p key={replica} className={styles.above}>
                {replica.slice(0, NAME)} uses far more for {minutes} minutes: 99 of 100 stay below{' '}
                {amount(use.resource, usual)}
              </p>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What a release needs otherwise than the one before it. */
export function ChangedUse({ resources }: { resources: ReleaseComparison['resources'] }) {
  if (resources.length === 0) return null;
  return (
    <div className={styles.group}>
      <h3>What a replica uses otherwise, in 99 of 100 minutes</h3>
      <ul className={styles.news}>
        {resources.map(({ resource, before, after }) => (
          <li key={resource} data-explained>
            <p>
              {RESOURCE_WORDS[resource] ?? asSentence(resource)}: {amount(resource, before)} before,{' '}
              <b>{amount(resource, after)}</b> now
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}

function QuantileBar({ use: { median, p95, p99, highest } }: { use: ResourceUse }) {
  const x = (value: number) => (highest > 0 ? (value / highest) * WIDTH : 0);
  return (
    <svg className={styles.quantiles} viewBox={`0 0 ${WIDTH} 12`} preserveAspectRatio="none" aria-hidden="true">
      <rect className={styles.track} y="3" width={WIDTH} height="6" />
      <rect className={styles.q99} y="3" width={x(p99)} height="6" />
      <rect className={styles.q95} y="3" width={x(p95)} height="6" />
      <rect className={styles.q50} y="3" width={x(median)} height="6" />
    </svg>
  );
}

function amount(resource: string, value: number): string {
  if (resource === 'cpu') return `${value >= 10 ? count(value) : Number(value.toFixed(2))} cores`;
  if (resource === 'memory') return bytes(value);
  if (resource === 'received' || resource === 'sent') return `${bytes(value)}/s`;
  return count(value);
}

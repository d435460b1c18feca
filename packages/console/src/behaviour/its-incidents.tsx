import { Link } from 'wouter';
import { incidentAddress } from '../client/addresses.ts';
import { useRoute } from '../client/queries.ts';
import { SeverityMark } from '../marks/severity-mark.tsx';
import { inFull } from '../words/times.ts';
import styles from './behaviour.module.css';

/** Incidents that are shown here; the list has all. */
const SHOWN = 3;

/** Incidents of this workload that are open: nothing else of its behaviour matters before them. */
export function ItsIncidents({ subject }: { subject: string }) {
  const { data } = useRoute('/api/incidents', { query: { subject, status: 'open', limit: SHOWN } });
  if (data === undefined || data.items.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="its-incidents">
      <header>
        <h2 id="its-incidents">Open incidents</h2>
        {data.total > SHOWN && <Link href={`/incidents?search=${encodeURIComponent(subject)}`}>all {data.total}</Link>}
      </header>
      <ul className={styles.incidents}>
        {data.items.map(({ id, title, severity, last }) => (
          <li key={id}>
            <SeverityMark grade={severity} />
            <p>
              <Link href={incidentAddress(id)}>{title}</Link>
            </p>
            <time className="soft" dateTime={last}>
              {inFull(last)}
            </time>
          </li>
        ))}
      </ul>
    </section>
  );
}

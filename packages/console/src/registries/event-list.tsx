import type { RegistryEvent } from '@breakwater/model';
import { useState } from 'react';
import { useRoute } from '../client/queries.ts';
import { SeverityMark } from '../marks/severity-mark.tsx';
import { count } from '../words/numbers.ts';
import { inFull, moment } from '../words/times.ts';
import styles from './registries.module.css';

/** Entries that are shown before one asks for more. */
const FIRST = 8;

/** What happened in registries and to what is known of their images, the newest first. */
export function EventList() {
  const { data } = useRoute('/api/registries/events');
  const [all, setAll] = useState(false);
  const [now] = useState(Date.now);
  const items: RegistryEvent[] = data?.items ?? [];
  const shown = all ? items : items.slice(0, FIRST);
  return (
    <section className="panel" aria-labelledby="happened">
      <header>
        <h2 id="happened">What happened</h2>
        <span>newest first</span>
      </header>
      {items.length === 0 && <p className="inside soft">Nothing changed since the registries are watched.</p>}
      <ol>
        {shown.map(({ time, kind, subject, sentence, severity }) => (
          <li key={`${time} ${kind} ${subject}`} className={styles.event}>
            <time dateTime={time} title={inFull(time)}>
              {moment(time, now)}
            </time>
            <p>{sentence}</p>
            {severity !== undefined && <SeverityMark grade={severity} />}
          </li>
        ))}
      </ol>
      {shown.length < items.length && (
        <p className="inside">
          <button type="button" className="plain-button" onClick={() => setAll(true)}>
            Show all {count(items.length)}
          </button>
        </p>
      )}
    </section>
  );
}

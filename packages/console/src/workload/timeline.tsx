import type { TimelineEntry } from '@breakwater/model';
import { useState } from 'react';
import { Sentence } from '../words/sentence.tsx';
import { inFull, moment } from '../words/times.ts';
import { withKeys } from '../words/with-keys.ts';
import styles from './workload.module.css';

/** Entries that are shown before one asks for more. */
const FIRST = 12;

const KIND_WORDS: Record<TimelineEntry['kind'], string> = {
  built: 'Built',
  running: 'Running',
  alert: 'Alert',
};

/** What happened to a workload, the newest first: built, running, alerts. */
export function Timeline({ entries }: { entries: readonly TimelineEntry[] }) {
  const [all, setAll] = useState(false);
  const sorted = entries.toSorted((a, b) => Date.parse(b.time) - Date.parse(a.time));
  const shown = all ? sorted : sorted.slice(0, FIRST);
  const now = Date.now();
  return (
    <section className="panel" aria-labelledby="timeline">
      <header>
        <h2 id="timeline">Built → deployed → running → decided</h2>
        <span>newest first</span>
      </header>
      {sorted.length === 0 && <p className="inside soft">Nothing with a time is known of it yet.</p>}
      <ol>
        {withKeys(shown, ({ time, sentence }) => `${time} ${sentence}`).map(({ key, item: entry }) => (
          <li key={key} className={styles.entry}>
            <time dateTime={entry.time} title={inFull(entry.time)}>
              {moment(entry.time, now)}
            </time>
            <span className={styles.dot} data-kind={entry.kind} data-grade={entry.severity} aria-hidden="true" />
            <p>
              <b>{KIND_WORDS[entry.kind]}</b>
              <span className="heard">{entry.severity === undefined ? '' : `, ${entry.severity}`}: </span>{' '}
              <Sentence text={entry.sentence} />
            </p>
          </li>
        ))}
      </ol>
      {shown.length < sorted.length && (
        <p className="inside">
          <button type="button" className="plain-button" onClick={() => setAll(true)}>
            Show all {sorted.length}
          </button>
        </p>
      )}
    </section>
  );
}

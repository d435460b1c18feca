import type { Incident, IncidentEntry } from '@breakwater/model';
import { useState } from 'react';
import { Link } from 'wouter';
import { shortName } from '../behaviour/short-name.ts';
import { useDrawerAddress } from '../client/scope.ts';
import { count, plural } from '../words/numbers.ts';
import { Sentence } from '../words/sentence.tsx';
import { inFull } from '../words/times.ts';
import { withKeys } from '../words/with-keys.ts';
import { type EntryGroup, groupEntries } from './entry-groups.ts';
import { ENTRY_WORDS, PREVENTION_WORDS, zoneOf } from './incident-words.ts';
import styles from './incidents.module.css';

/** Rows that are shown before one asks for more, and so many more each time. */
const FIRST = 40;
const STEP = 100;

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });

/** What happened, in order, the first first; where it goes over to another workload, that is said. */
export function IncidentTimeline({ incident: { entries, more, subjects } }: { incident: Incident }) {
  const [most, setMost] = useState(FIRST);
  const sorted = entries.toSorted((a, b) => (a.time < b.time ? -1 : 1));
  const groups = groupEntries(sorted);
  const shown = groups.slice(0, most);
  const left = groups.length - shown.length;
  return (
    <section className="panel" aria-labelledby="timeline">
      <header>
        <h2 id="timeline">What happened</h2>
        <span>in order of time, {zoneOf(entries[0]?.time)}</span>
      </header>
      <ol className={styles.timeline}>
        {withKeys(shown, ({ first: { time, sentence } }) => `${time} ${sentence}`).map(({ key, item }, index) => (
          <Group
            key={key}
            group={item}
            before={shown[index - 1]?.more.at(-1) ?? shown[index - 1]?.first}
            hasSeveral={subjects.length > 1}
          />
        ))}
      </ol>
      {left > 0 && (
        <p className="inside">
          <button type="button" className="plain-button" onClick={() => setMost(most + STEP)}>
            Show {count(Math.min(left, STEP))} more
          </button>{' '}
          <span className="soft">of {count(left)}</span>
        </p>
      )}
      {more > 0 && (
        <p className="inside soft">
          and {plural(more, 'more thing')}, counted and not kept: the gravest {count(entries.length)} are
        </p>
      )}
    </section>
  );
}

interface GroupProps {
  group: EntryGroup;
  before: IncidentEntry | undefined;
  hasSeveral: boolean;
}

/** A run of the same: the first, and the others when one asks. */
function Group({ group: { first, more }, before, hasSeveral }: GroupProps) {
  const [isOpen, setOpen] = useState(false);
  const last = more.at(-1);
  return (
    <>
      <Entry entry={first} before={before} hasSeveral={hasSeveral} />
      {isOpen &&
        withKeys(more, ({ time, sentence }) => `${time} ${sentence}`).map(({ key, item }, index) => (
          <Entry key={key} entry={item} before={more[index - 1] ?? first} hasSeveral={hasSeveral} />
        ))}
      {last !== undefined && (
        <li className={styles.like}>
          <button type="button" className="plain-button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? `Hide ${count(more.length)} like it` : `and ${count(more.length)} more like it`}
          </button>{' '}
          <span className="soft">until {clockOf(last.time)}</span>
        </li>
      )}
    </>
  );
}

interface EntryProps {
  entry: IncidentEntry;
  before: IncidentEntry | undefined;
  hasSeveral: boolean;
}

function Entry({ entry, before, hasSeveral }: EntryProps) {
  const drawer = useDrawerAddress();
  const { time, kind, sentence, prevention, subject, policy, techniques, count: times, surprise } = entry;
  const isElsewhere = hasSeveral && subject !== before?.subject;
  return (
    <>
      {isNewDay(time, before?.time) && <li className={styles.mark}>{dayOf(time)}</li>}
      {isElsewhere && <li className={styles.mark}>in {shortName(subject)}</li>}
      <li className={styles.entry}>
        <time dateTime={time} title={inFull(time)}>
          {clockOf(time)}
        </time>
        <span className={styles.dot} data-kind={kind} data-prevention={prevention} aria-hidden="true" />
        <div>
          <p>
            <b>{ENTRY_WORDS[kind]}</b>
            <span className="heard">: </span> <Sentence text={sentence} />
            {times > 1 && <span className="soft"> {count(times)} times</span>}
          </p>
          {(prevention !== undefined || policy !== undefined || techniques.length > 0 || surprise !== undefined) && (
            <p className={`soft told ${styles.detail}`}>
              {prevention !== undefined && <b>{PREVENTION_WORDS[prevention]}</b>}
              {policy !== undefined && <Link href={drawer('policy', policy)}>{policy}</Link>}
              {surprise !== undefined && surprise > 0 && <span>surprise {count(surprise)} bits</span>}
              {techniques.map((technique) => (
                <code key={technique}>{technique}</code>
              ))}
            </p>
          )}
        </div>
      </li>
    </>
  );
}

const isNewDay = (time: string, before: string | undefined): boolean =>
  before === undefined || dayOf(time) !== dayOf(before);

const dayOf = (time: string): string => formatted(day, time);
const clockOf = (time: string): string => formatted(clock, time);

function formatted(format: Intl.DateTimeFormat, time: string): string {
  const then = new Date(time);
  return Number.isNaN(then.getTime()) ? time : format.format(then);
}

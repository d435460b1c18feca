import type { AdmissionOutlook, AdmissionView, Enforcement } from '@breakwater/model';
import type { ReactNode } from 'react';
import { Notice } from '../states/states.tsx';
import { count } from '../words/numbers.ts';
import { age, inFull } from '../words/times.ts';
import styles from './admission.module.css';

const DAY = 86_400_000;
/** Age at which a snapshot is told of: it is written anew with each reading. */
const OLD_SNAPSHOT = DAY;
/** Time before its end at which a certificate that nobody renewed is told of. */
const ENDS_SOON = 14 * DAY;

/** How admission stands: what it answers from, until when it is trusted, who asks it, and how far policies go. */
export function AdmissionState({ view, outlook }: { view: AdmissionView; outlook: AdmissionOutlook | undefined }) {
  const { snapshot, certificate } = view;
  const now = Date.now();
  return (
    <>
      <Troubles view={view} now={now} />
      <dl className={styles.figures}>
        <Figure title="Snapshot it answers from">
          {snapshot === undefined ? (
            <Fog>none</Fog>
          ) : (
            <>
              <b title={inFull(snapshot.time)}>{age(snapshot.time, now)}</b> old, version{' '}
              <code>{snapshot.version}</code>
            </>
          )}
        </Figure>
        <Figure title="Certificate of the webhook">
          {certificate === undefined ? (
            <>
              <Fog>none</Fog> was made on this machine
            </>
          ) : (
            <>
              <b title={inFull(certificate.until)}>{daysLeft(certificate.until, now)}</b> left
            </>
          )}
        </Figure>
        <Figure title="In front of the API server">
          <Guards outlook={outlook} />
        </Figure>
        <Figure title="The ladder">
          <Ladder outlook={outlook} />
        </Figure>
      </dl>
    </>
  );
}

function Troubles({ view: { snapshot, certificate }, now }: { view: AdmissionView; now: number }) {
  const old = snapshot !== undefined && now - Date.parse(snapshot.time) > OLD_SNAPSHOT;
  const left = certificate === undefined ? undefined : Date.parse(certificate.until) - now;
  return (
    <>
      {snapshot === undefined && (
        <Notice>
          <b>There is no snapshot.</b> Admission judges by policies alone, and knows neither images nor exposure. Read
          an estate: it is written with each reading.
        </Notice>
      )}
      {old && (
        <Notice>
          <b>The snapshot is {age(snapshot.time, now)} old.</b> What changed since is judged by what was known then.
        </Notice>
      )}
      {left !== undefined && left < ENDS_SOON && (
        <Notice>
          <b>{left <= 0 ? 'The certificate of the webhook has ended.' : `The certificate ends in ${daysOf(left)}.`}</b>{' '}
          A running webhook renews it by itself: is <code>breakwater admission serve</code> running?
        </Notice>
      )}
    </>
  );
}

const daysOf = (time: number): string => {
  const days = Math.max(0, Math.ceil(time / DAY));
  return days === 1 ? '1 day' : `${count(days)} days`;
};

function daysLeft(until: string, now: number): string {
  return daysOf(Date.parse(until) - now);
}

function Guards({ outlook }: { outlook: AdmissionOutlook | undefined }) {
  if (outlook === undefined) return <Fog>unknown</Fog>;
  const ours = outlook.guards.filter(({ isOurs }) => isOurs);
  const others = outlook.guards.length - ours.length;
  return (
    <>
      {ours.length > 0 ? (
        <>
          <b>{count(ours.length)}</b> of Breakwater
        </>
      ) : (
        <>
          <b>0</b> of Breakwater, in what was read
        </>
      )}
      {others > 0 && `, ${count(others)} of others`}
    </>
  );
}

const RUNGS: readonly Enforcement[] = ['block', 'warn', 'audit'];

function Ladder({ outlook }: { outlook: AdmissionOutlook | undefined }) {
  if (outlook === undefined) return <Fog>unknown</Fog>;
  const counts = RUNGS.map((rung) => outlook.policies.filter(({ enforcement }) => enforcement === rung).length);
  return (
    <>
      <b>{count(counts[0] ?? 0)}</b> block, {count(counts[1] ?? 0)} warn, {count(counts[2] ?? 0)} audit
    </>
  );
}

function Figure({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const Fog = ({ children }: { children: ReactNode }) => <b data-fog="true">{children}</b>;

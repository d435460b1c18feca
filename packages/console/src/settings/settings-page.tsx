import type { Status } from '@breakwater/model';
import { SegmentedControl, useMantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import { useRoute } from '../client/queries.ts';
import { ColumnHeads } from '../marks/column-heads.tsx';
import { ErrorState, LinesSkeleton, Notice } from '../states/states.tsx';
import '../styles/segmented-control.css';
import { count } from '../words/numbers.ts';
import { age, inFull, isStale } from '../words/times.ts';
import styles from './settings.module.css';

/** Theme, what this server is, and how fresh its advisories are. */
export default function SettingsPage() {
  const { data, error, refetch } = useRoute('/api/status');
  return (
    <div className={styles.page}>
      <title>Settings · Breakwater</title>
      <h1>Settings</h1>
      <Theme />
      {error !== null && <ErrorState error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <LinesSkeleton />}
      {data !== undefined && <Server status={data} />}
      {data !== undefined && <Advisories status={data} />}
    </div>
  );
}

function Theme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  return (
    <section className="panel" aria-labelledby="theme">
      <header>
        <h2 id="theme">Theme</h2>
        <SegmentedControl
          size="xs"
          aria-labelledby="theme"
          value={colorScheme}
          onChange={(value) => setColorScheme(value as 'auto' | 'light' | 'dark')}
          data={[
            { value: 'auto', label: 'System' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
        />
      </header>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Server({ status }: { status: Status }) {
  return (
    <section className="panel" aria-labelledby="server">
      <header>
        <h2 id="server">Server</h2>
      </header>
      <dl className={styles.facts}>
        <Fact name="Version">{status.version}</Fact>
        <Fact name="Running since">{inFull(status.startedAt)}</Fact>
        <Fact name="Reads">
          {status.paths.length === 0
            ? 'nothing yet'
            : status.paths.map((path) => (
                <code key={path} className={styles.path}>
                  {path}
                </code>
              ))}
        </Fact>
        <Fact name="Last ranked">{status.lastRanked === undefined ? 'not yet' : inFull(status.lastRanked)}</Fact>
        <Fact name="Store">{status.store === 'sqlite' ? 'SQLite, embedded' : 'PostgreSQL'}</Fact>
      </dl>
    </section>
  );
}

function Advisories({ status: { advisories } }: { status: Status }) {
  const now = Date.now();
  const { importedAt } = advisories;
  return (
    <section className="panel" aria-labelledby="advisories">
      <header>
        <h2 id="advisories">Advisories</h2>
        <span>{importedAt === undefined ? 'not imported' : `imported ${age(importedAt, now)} ago`}</span>
      </header>
      {!advisories.imported && (
        <div className="inside">
          <Notice>
            <b>None are imported</b>, so no image is called clean. <code>npx breakwater db import</code>
          </Notice>
        </div>
      )}
      {advisories.imported && importedAt !== undefined && isStale(importedAt, now) && (
        <div className="inside">
          <Notice>
            <b>Advisories from {age(importedAt, now)} ago.</b> <code>npx breakwater db update</code>
          </Notice>
        </div>
      )}
      {advisories.imported && (
        <>
          <dl className={styles.facts}>
            <Fact name="Advisories">
              {count(advisories.advisories)}, in {count(advisories.rows)} rows
            </Fact>
            <Fact name="Newest">{advisories.newest === undefined ? 'not stated' : inFull(advisories.newest)}</Fact>
            <Fact name="Known exploited">{advisories.kevDate ?? 'not imported'}</Fact>
            <Fact name="Use within 30 days">{advisories.epssDate ?? 'not imported'}</Fact>
            {advisories.rejected > 0 && <Fact name="Not readable">{count(advisories.rejected)}</Fact>}
          </dl>
          <Coverage status={advisories} />
        </>
      )}
    </section>
  );
}

function Coverage({ status }: { status: Status['advisories'] }) {
  if (status.ecosystems.length === 0) return null;
  return (
    <div className="scroll-x">
      <table className="rows">
        <ColumnHeads
          of={['Ecosystem covered', { name: 'Rows', className: 'number' }, { name: 'Newest', className: 'number' }]}
        />
        <tbody>
          {status.ecosystems
            .toSorted((a, b) => b.rows - a.rows)
            .map(({ name, rows, newest }) => (
              <tr key={name}>
                <td>{name}</td>
                <td className="number">{count(rows)}</td>
                <td className="number soft">{newest === undefined ? 'not stated' : newest.slice(0, 10)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}

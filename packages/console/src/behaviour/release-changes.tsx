import type { ReleaseChange, ReleaseDifference } from '@breakwater/model';
import { useState } from 'react';
import { Notice } from '../states/states.tsx';
import { count } from '../words/numbers.ts';
import { asSentence } from '../words/sentence-parts.ts';
import styles from './behaviour.module.css';

/** Changes of one kind that are shown before one asks for more. */
const FIRST = 12;

const KIND_WORDS: Record<ReleaseChange['kind'], string> = {
  component: 'Components',
  executable: 'Programs',
  library: 'Libraries',
  entrypoint: 'Command',
  user: 'User',
  port: 'Ports',
  mount: 'Mounts',
  environment: 'Environment',
  peer: 'Peers that are named',
  probe: 'Probes and hooks',
  capability: 'Capabilities',
  limit: 'Limits',
  'service-account': 'Service account',
};

const CHANGE_SIGNS: Record<ReleaseChange['change'], string> = { added: '+', removed: '−', altered: '±' };

/** What changed in what was built and declared, by kind. */
export function ReleaseChanges({
  difference: { changes, incomplete, unlisted = 0 },
}: {
  difference: ReleaseDifference;
}) {
  const groups = Map.groupBy(changes, ({ kind }) => kind);
  return (
    <section className="panel" aria-labelledby="changed">
      <header>
        <h2 id="changed">What changed in image and manifest</h2>
        <span>{count(changes.length + unlisted)}</span>
      </header>
      {changes.length === 0 && <p className="inside soft">Nothing that behaviour depends on.</p>}
      {Object.entries(KIND_WORDS).map(([kind, words]) => {
        const own = groups.get(kind as ReleaseChange['kind']) ?? [];
        return own.length === 0 ? null : <KindGroup key={kind} words={words} changes={own} />;
      })}
      {unlisted > 0 && <p className="inside soft">{count(unlisted)} more are not listed.</p>}
      {incomplete.length > 0 && (
        <div className="inside">
          <Notice>{incomplete.map((one) => `${asSentence(one)}. `)}</Notice>
        </div>
      )}
    </section>
  );
}

function KindGroup({ words, changes }: { words: string; changes: readonly ReleaseChange[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? changes : changes.slice(0, FIRST);
  return (
    <div className={styles.group}>
      <h3>
        {words} <span className="soft">{count(changes.length)}</span>
      </h3>
      <ul className={styles.changes}>
        {shown.map(({ change, name, before, after }) => (
          <li key={`${change} ${name}`} data-change={change}>
            <span aria-hidden="true">{CHANGE_SIGNS[change]}</span>
            <p>
              <span className="heard">{change}: </span>
              <code>{name}</code>
              {(before !== undefined || after !== undefined) && (
                <span className="soft"> {[before, after].filter((side) => side !== undefined).join(' → ')}</span>
              )}
            </p>
          </li>
        ))}
      </ul>
      {shown.length < changes.length && (
        <button type="button" className="plain-button" onClick={() => setAll(true)}>
          Show all {count(changes.length)}
        </button>
      )}
    </div>
  );
}

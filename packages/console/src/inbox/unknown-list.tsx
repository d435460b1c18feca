import type { Unknown } from '@breakwater/model';
import { formatPlace } from '@breakwater/model';
import { useState } from 'react';
import { count } from '../words/numbers.ts';
import { withKeys } from '../words/with-keys.ts';
import styles from './inbox.module.css';

/** Unknowns that are shown before one asks for more. */
const FIRST = 50;

/** Facts that are missing: what, where, what to do. */
export function UnknownTable({ unknowns }: { unknowns: readonly Unknown[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? unknowns : unknowns.slice(0, FIRST);
  return (
    <>
      <ul className={styles.unknowns}>
        {withKeys(shown, ({ code, place }) => `${code} ${formatPlace(place)}`).map(({ key, item: unknown }) => (
          <li key={key}>
            <p>{unknown.message}</p>
            <p className="soft">
              <code>{formatPlace(unknown.place)}</code>
            </p>
            {unknown.hint !== undefined && <p className="soft">{unknown.hint}</p>}
          </li>
        ))}
      </ul>
      {shown.length < unknowns.length && (
        <button type="button" className="plain-button" onClick={() => setAll(true)}>
          Show all {count(unknowns.length)}
        </button>
      )}
    </>
  );
}

import type { ImageStory, RuntimeState } from '@breakwater/model';
import { NativeSelect, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { ColumnHeads } from '../marks/column-heads.tsx';
import { SeverityMark } from '../marks/severity-mark.tsx';
import { count } from '../words/numbers.ts';
import styles from './image.module.css';

/** Rows that are shown before one asks for more. */
const FIRST = 50;

const STATE_WORDS: Record<RuntimeState, string> = {
  executed: 'Executed',
  loaded: 'Loaded',
  'not-seen': 'Not seen',
  'cannot-tell': 'Cannot tell',
};
const STATE_ORDER: Record<RuntimeState, number> = { executed: 0, loaded: 1, 'cannot-tell': 2, 'not-seen': 3 };

type Component = ImageStory['components'][number];

/** What the image holds, and what of it ever ran. */
export function ComponentTable({ components }: { components: readonly Component[] }) {
  const [words, setWords] = useState('');
  const [state, setState] = useState('');
  const [shown, setShown] = useState(FIRST);
  const rows = useMemo(() => {
    const wanted = words.trim().toLowerCase();
    return components
      .filter((component) => state === '' || component.evidence.state === state)
      .filter(({ name, purl }) => name.toLowerCase().includes(wanted) || purl.toLowerCase().includes(wanted))
      .toSorted(
        (a, b) =>
          b.vulnerabilities - a.vulnerabilities ||
          STATE_ORDER[a.evidence.state] - STATE_ORDER[b.evidence.state] ||
          a.name.localeCompare(b.name),
      );
  }, [components, words, state]);
  return (
    <section className="panel" aria-labelledby="components">
      <header>
        <h2 id="components">Components</h2>
        <div className={styles.tools}>
          <TextInput
            size="xs"
            aria-label="Filter components"
            placeholder="Filter components"
            value={words}
            onChange={({ currentTarget }) => setWords(currentTarget.value)}
          />
          <NativeSelect
            size="xs"
            aria-label="Seen at run time"
            value={state}
            onChange={({ currentTarget }) => setState(currentTarget.value)}
            data={[
              { value: '', label: 'Run or not' },
              ...Object.entries(STATE_WORDS).map(([value, label]) => ({ value, label })),
            ]}
          />
        </div>
      </header>
      {rows.length === 0 ? (
        <p className="inside soft">
          {components.length === 0 ? 'No component was found in it.' : 'No component matches.'}
        </p>
      ) : (
        <div className="scroll-x">
          <table className="rows">
            <ColumnHeads
              of={[
                'Component',
                { name: 'Version', className: 'wide-only' },
                { name: 'Type', className: 'wide-only' },
                'At run time',
                { name: 'Vulnerabilities', className: 'number' },
                { name: 'Worst', className: 'wide-only' },
              ]}
            />
            <tbody>
              {rows.slice(0, shown).map((component) => (
                <ComponentRow key={component.id} component={component} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {shown < rows.length && (
        <p className="inside">
          <button type="button" className="plain-button" onClick={() => setShown(shown + 500)}>
            Show more of {count(rows.length)}
          </button>
        </p>
      )}
    </section>
  );
}

function ComponentRow({ component }: { component: Component }) {
  const { evidence, worst } = component;
  return (
    <tr title={component.purl}>
      <td>{component.name}</td>
      <td className="wide-only mono">{component.version}</td>
      <td className="wide-only soft">{component.type}</td>
      <td>
        <span className={styles.state} data-state={evidence.state}>
          {STATE_WORDS[evidence.state]}
        </span>{' '}
        <span className="soft wide-only">{evidence.reason}</span>
      </td>
      <td className="number">{count(component.vulnerabilities)}</td>
      <td className="wide-only">{worst !== undefined && <SeverityMark grade={worst} />}</td>
    </tr>
  );
}

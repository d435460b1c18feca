import { Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type KeyboardEvent, useId, useState } from 'react';
import { navigate } from 'wouter/use-browser-location';
import { changeQuery, keepScope } from '../client/addresses.ts';
import '../styles/dialogs.css';
import styles from './dialogs.module.css';
import { useFocusBack } from './use-focus-back.ts';
import { useMotion } from './use-motion.ts';
import { type SearchHit, useSearchHits } from './use-search-hits.ts';

/** Search over all that is known, by keyboard: arrows move, Enter opens. */
export default function SearchDialog({ onClose }: { onClose: () => void }) {
  useFocusBack();
  const [words, setWords] = useState('');
  const [settled] = useDebouncedValue(words.trim(), 120);
  const [chosen, setChosen] = useState(0);
  const { hits, isLooking } = useSearchHits(settled);
  const listId = useId();
  const at = Math.min(chosen, hits.length - 1);
  const open = (hit: SearchHit | undefined) => {
    if (hit === undefined) return;
    onClose();
    navigate(withScope(hit.address));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setChosen(Math.min(at + 1, hits.length - 1));
    else if (event.key === 'ArrowUp') setChosen(Math.max(at - 1, 0));
    else if (event.key === 'Enter') open(hits[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Modal.Root opened onClose={onClose} size={600} lockScroll={false} yOffset="10vh" transitionProps={useMotion()}>
      <Modal.Overlay backgroundOpacity={0.28} />
      <Modal.Content aria-label="Search">
        <input
          className={styles.input}
          placeholder="Workload, image, CVE, policy"
          role="combobox"
          aria-label="Search workloads, images and findings"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={hits.length > 0 ? `${listId}-${at}` : undefined}
          data-autofocus
          value={words}
          maxLength={200}
          onKeyDown={onKeyDown}
          onChange={({ currentTarget }) => {
            setWords(currentTarget.value);
            setChosen(0);
          }}
        />
        <div className={styles.results} id={listId} role="listbox" aria-label="Results">
          {hits.map((hit, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the combobox, as the pattern wants.
            <div
              key={hit.key}
              id={`${listId}-${index}`}
              className={styles.option}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              ref={index === at ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
              onClick={() => open(hit)}
              onPointerMove={() => setChosen(index)}
            >
              <span>{hit.name}</span>
              <span>{hit.detail}</span>
            </div>
          ))}
        </div>
        {hits.length === 0 && (
          <p className={styles.quiet} role="status">
            {isLooking ? 'Looking' : `Nothing is named “${settled}”. Part of a name is enough.`}
          </p>
        )}
      </Modal.Content>
    </Modal.Root>
  );
}

function withScope(address: string): string {
  const [path = '/', query = ''] = address.split('?');
  return `${path}${changeQuery(keepScope(location.search), Object.fromEntries(new URLSearchParams(query)))}`;
}

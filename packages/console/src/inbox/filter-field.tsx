import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { setQuery, useQueryValue } from '../client/scope.ts';
import { SearchIcon } from '../frame/icons.tsx';
import styles from './inbox.module.css';

/** How long typing rests before the list follows, in milliseconds. */
const REST = 180;

/** Narrows the list of the page by words; they stand in the address as `search`. */
export function FilterField({ label }: { label: string }) {
  const stands = useQueryValue('search');
  const [words, setWords] = useState(stands);
  const [seen, setSeen] = useState(stands);
  if (seen !== stands) {
    setSeen(stands);
    setWords(stands);
  }
  useEffect(() => {
    if (words === stands) return;
    const rest = setTimeout(() => setQuery({ search: words.trim() }, { replace: true }), REST);
    return () => clearTimeout(rest);
  }, [words, stands]);
  return (
    <TextInput
      size="xs"
      className={styles.filter}
      aria-label={label}
      placeholder={label}
      leftSection={<SearchIcon />}
      value={words}
      maxLength={200}
      onChange={({ currentTarget }) => setWords(currentTarget.value)}
    />
  );
}

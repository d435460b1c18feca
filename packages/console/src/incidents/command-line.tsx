import { useState } from 'react';
import styles from './incidents.module.css';

/** A command to run elsewhere, with a button that copies it as it is. */
export function CommandLine({ text }: { text: string }) {
  const [said, setSaid] = useState('');
  const copy = () => {
    // Only pages that came over https or from this machine may copy.
    const copying = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'));
    copying.then(
      () => setSaid('Copied'),
      () => setSaid('Select it to copy it'),
    );
  };
  return (
    <span className={styles.command}>
      <code>{text}</code>
      <button type="button" className="plain-button" aria-label={`Copy: ${text}`} onClick={copy}>
        Copy
      </button>
      <span role="status" className="soft">
        {said}
      </span>
    </span>
  );
}

import { Kbd } from '@mantine/core';
import styles from './dialogs.module.css';
import { Floating } from './floating.tsx';
import { useFocusBack } from './use-focus-back.ts';

const KEYS: readonly [string[], string][] = [
  [['j'], 'Next workload'],
  [['k'], 'Previous workload'],
  [['Enter'], 'Open it'],
  [['f'], 'Show its fix'],
  [['/'], 'Search'],
  [['Ctrl', 'K'], 'Search, also ⌘ K'],
  [['Esc'], 'Close what floats'],
  [['?'], 'These keys'],
];

/** Every key, in one place. */
export default function HelpDialog({ onClose }: { onClose: () => void }) {
  useFocusBack();
  return (
    <Floating label="Keys" close={onClose}>
      <table className={styles.keys}>
        <thead className="heard">
          <tr>
            <th>Key</th>
            <th>What it does</th>
          </tr>
        </thead>
        <tbody>
          {KEYS.map(([names, words]) => (
            <tr key={words}>
              <td>
                {names.map((name) => (
                  <Kbd key={name} mr={4}>
                    {name}
                  </Kbd>
                ))}
              </td>
              <td>{words}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Floating>
  );
}

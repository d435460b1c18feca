import { Button, CopyButton } from '@mantine/core';
import { useMemo } from 'react';
import { withKeys } from '../words/with-keys.ts';
import styles from './fix.module.css';
import { type PatchLine, parsePatch } from './parse-patch.ts';

const SIGNS: Partial<Record<PatchLine['kind'], string>> = { added: '+', removed: '−' };

const lineText = ({ kind, stretches }: PatchLine) => `${kind} ${stretches.map(({ text }) => text).join('')}`;

/** A patch with signs, colour and marked words, and the command that applies it. */
export function PatchView({ patch, command }: { patch: string; command: string }) {
  const lines = useMemo(() => withKeys(parsePatch(patch), lineText), [patch]);
  return (
    <figure className={styles.patch}>
      <figcaption className={styles.caption}>
        <code>{command}</code>
        <span className={styles.copies}>
          <Copy text={command} label="Copy command" />
          <Copy text={patch} label="Copy patch" />
        </span>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <section className={styles.lines} aria-label="Patch" tabIndex={0}>
        {lines.map(({ key, item: line }) => (
          <div key={key} className={styles.line} data-kind={line.kind}>
            <span className={styles.sign} aria-hidden="true">
              {SIGNS[line.kind]}
            </span>
            <span className={styles.text}>
              {(line.kind === 'added' || line.kind === 'removed') && <span className="heard">{line.kind}: </span>}
              {withKeys(line.stretches, ({ text }) => text).map(({ key: at, item: stretch }) =>
                stretch.marked ? <mark key={at}>{stretch.text}</mark> : stretch.text,
              )}
            </span>
          </div>
        ))}
      </section>
    </figure>
  );
}

function Copy({ text, label }: { text: string; label: string }) {
  return (
    <CopyButton value={text} timeout={1500}>
      {({ copied, copy }) => (
        <Button variant="default" size="compact-xs" onClick={copy}>
          {copied ? 'Copied' : label}
        </Button>
      )}
    </CopyButton>
  );
}

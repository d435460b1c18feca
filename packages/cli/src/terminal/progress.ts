import { plain } from './style.ts';

/** One line of progress on stderr, kept up to date on a terminal and silent elsewhere. */
export interface ProgressLine {
  show(text: string): void;
  /** Takes the line away, so that what follows stands alone. */
  clear(): void;
}

/** Milliseconds between two drawings. */
const INTERVAL = 80;

/** A line for this invocation; silent when `quiet` or when stderr is no terminal. */
export function openProgressLine(quiet: boolean): ProgressLine {
  if (quiet || !process.stderr.isTTY) return { show() {}, clear() {} };
  let drawn = 0;
  let shown = false;
  return {
    show(text) {
      const now = Date.now();
      if (now - drawn < INTERVAL) return;
      drawn = now;
      shown = true;
      const width = (process.stderr.columns || 80) - 1;
      process.stderr.write(`\r\u001b[K${plain(text).slice(0, width)}`);
    },
    clear() {
      if (shown) process.stderr.write('\r\u001b[K');
      shown = false;
    },
  };
}

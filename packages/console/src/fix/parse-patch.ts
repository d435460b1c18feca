/** A stretch of a line; marked where it differs from the line it replaces or is replaced by. */
export interface Stretch {
  text: string;
  marked: boolean;
}

/** A line of a patch. */
export interface PatchLine {
  kind: 'file' | 'place' | 'added' | 'removed' | 'same' | 'note';
  stretches: Stretch[];
}

const plain = (text: string): Stretch[] => [{ text, marked: false }];

/** Reads a unified diff for showing. Lines of git's own headers are left out, but for the file's name. */
export function parsePatch(patch: string): PatchLine[] {
  const lines = patch.split('\n').flatMap((line, index, all): PatchLine[] => {
    if (line === '' && index === all.length - 1) return [];
    if (line.startsWith('+++ ')) return [{ kind: 'file', stretches: plain(fileName(line, all[index - 1] ?? '')) }];
    if (/^(?:diff |index |--- |new file mode |deleted file mode )/.test(line)) return [];
    if (line.startsWith('@@')) return [{ kind: 'place', stretches: plain(line) }];
    if (line.startsWith('\\')) return [{ kind: 'note', stretches: plain(line.slice(2)) }];
    if (line.startsWith('+')) return [{ kind: 'added', stretches: plain(line.slice(1)) }];
    if (line.startsWith('-')) return [{ kind: 'removed', stretches: plain(line.slice(1)) }];
    return [{ kind: 'same', stretches: plain(line.slice(1)) }];
  });
  markChanges(lines);
  return lines;
}

function fileName(line: string, before: string): string {
  const name = line.slice(4).replace(/^b\//, '');
  if (name === '/dev/null') return `${before.slice(4).replace(/^a\//, '')} (removed)`;
  return before === '--- /dev/null' ? `${name} (new)` : name;
}

/** Marks, in runs of removed lines that are followed by as many added ones, what differs in each pair. */
function markChanges(lines: PatchLine[]): void {
  let start = 0;
  while (start < lines.length) {
    const removedEnd = runEnd(lines, start, 'removed');
    const addedEnd = runEnd(lines, removedEnd, 'added');
    const pairs = removedEnd - start;
    if (pairs > 0 && addedEnd - removedEnd === pairs) {
      for (let pair = 0; pair < pairs; pair += 1) markPair(lines[start + pair], lines[removedEnd + pair]);
    }
    start = Math.max(addedEnd, start + 1);
  }
}

function runEnd(lines: PatchLine[], from: number, kind: PatchLine['kind']): number {
  let end = from;
  while (lines[end]?.kind === kind) end += 1;
  return end;
}

function markPair(before: PatchLine | undefined, after: PatchLine | undefined): void {
  if (before === undefined || after === undefined) return;
  const [old, now] = [before.stretches[0]?.text ?? '', after.stretches[0]?.text ?? ''];
  const shortest = Math.min(old.length, now.length);
  let head = 0;
  while (head < shortest && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < shortest - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  if (head + tail === 0) return;
  for (const [line, text] of [
    [before, old],
    [after, now],
  ] as const) {
    const end = text.length - tail;
    line.stretches = [
      { text: text.slice(0, head), marked: false },
      { text: text.slice(head, end), marked: true },
      { text: text.slice(end), marked: false },
    ].filter((stretch) => stretch.text !== '');
  }
}

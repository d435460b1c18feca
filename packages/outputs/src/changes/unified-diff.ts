const CONTEXT = 3;
/** Beyond these the middle is replaced as a whole: right still, only longer. */
const MAX_DIFFERENCES = 1000;

/** A file before and after; `before` is undefined for a new one. */
export interface FileChange {
  path: string;
  before: string | undefined;
  after: string;
}

/**
 * A unified diff that `git apply` and `patch -p1` take. Without a `diff --git` line on purpose: git then reads the paths as
 * relative to the current folder, also below the top of a repository. Empty where nothing changes.
 */
export function unifiedDiff({ path, before, after }: FileChange): string {
  const hunks = hunksOf(splitLines(before ?? ''), splitLines(after));
  if (hunks.length === 0) return '';
  const from = before === undefined ? '/dev/null' : headerPath(`a/${path}`);
  return `--- ${from}\n+++ ${headerPath(`b/${path}`)}\n${hunks.join('')}`;
}

/* A tab ends a name that has blanks in it; git quotes names with control characters as C does. */
function headerPath(path: string): string {
  if (/["\\\p{Cc}]/u.test(path)) return JSON.stringify(path);
  return path.includes(' ') ? `${path}\t` : path;
}

/* Lines with their breaks, so that a missing one at the end is a difference. */
function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

interface Step {
  mark: ' ' | '-' | '+';
  line: string;
}

function hunksOf(before: string[], after: string[]): string[] {
  const steps = stepsBetween(before, after);
  const hunks: string[] = [];
  const changed = steps.flatMap((step, index) => (step.mark === ' ' ? [] : [index]));
  for (let at = 0; at < changed.length; ) {
    let last = at;
    while (last + 1 < changed.length && changed[last + 1]! - changed[last]! <= 2 * CONTEXT + 1) last += 1;
    const from = Math.max(changed[at]! - CONTEXT, 0);
    hunks.push(formatHunk(steps, from, Math.min(changed[last]! + CONTEXT + 1, steps.length)));
    at = last + 1;
  }
  return hunks;
}

function formatHunk(steps: Step[], from: number, to: number): string {
  const lead = steps.slice(0, from);
  const body = steps.slice(from, to);
  const old = range(lead, body, '+');
  const fresh = range(lead, body, '-');
  const lines = body.map(({ mark, line }) =>
    line.endsWith('\n') ? mark + line : `${mark}${line}\n\\ No newline at end of file\n`,
  );
  return `@@ -${old} +${fresh} @@\n${lines.join('')}`;
}

function range(lead: Step[], body: Step[], except: '+' | '-'): string {
  const count = body.filter(({ mark }) => mark !== except).length;
  const before = lead.filter(({ mark }) => mark !== except).length;
  return `${count === 0 ? before : before + 1},${count}`;
}

function stepsBetween(before: string[], after: string[]): Step[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const room = Math.min(before.length, after.length) - head;
  while (tail < room && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const same = (line: string): Step => ({ mark: ' ', line });
  return [
    ...before.slice(0, head).map(same),
    ...shortestEdit(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(same),
  ];
}

/* Myers' greedy algorithm: time grows with the number of differences, which is small. */
function shortestEdit(before: string[], after: string[]): Step[] {
  const furthest = new Map<number, number>([[1, 0]]);
  const history: Map<number, number>[] = [];
  const limit = Math.min(before.length + after.length, MAX_DIFFERENCES);
  for (let distance = 0; distance <= limit; distance += 1) {
    history.push(new Map(furthest));
    for (let diagonal = -distance; diagonal <= distance; diagonal += 2) {
      let x = nextX(furthest, diagonal, distance);
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x += 1;
      furthest.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return backtrack(history, before, after);
    }
  }
  return [...before.map((line): Step => ({ mark: '-', line })), ...after.map((line): Step => ({ mark: '+', line }))];
}

function nextX(furthest: Map<number, number>, diagonal: number, distance: number): number {
  const down = furthest.get(diagonal + 1) ?? -1;
  const right = furthest.get(diagonal - 1) ?? -1;
  return diagonal === -distance || (diagonal !== distance && right < down) ? down : right + 1;
}

function backtrack(history: Map<number, number>[], before: string[], after: string[]): Step[] {
  const steps: Step[] = [];
  let x = before.length;
  let y = after.length;
  for (let distance = history.length - 1; distance >= 0; distance -= 1) {
    const furthest = history[distance]!;
    const diagonal = x - y;
    const right = furthest.get(diagonal - 1) ?? -1;
    const down = furthest.get(diagonal + 1) ?? -1;
    const insert = diagonal === -distance || (diagonal !== distance && right < down);
    const previous = insert ? diagonal + 1 : diagonal - 1;
    const previousX = furthest.get(previous) ?? 0;
    const previousY = previousX - previous;
    while (x > Math.max(previousX, 0) && y > Math.max(previousY, 0)) {
      x -= 1;
      y -= 1;
      steps.push({ mark: ' ', line: before[x]! });
    }
    if (distance === 0) break;
    if (insert) steps.push({ mark: '+', line: after[--y]! });
    else steps.push({ mark: '-', line: before[--x]! });
  }
  return steps.reverse();
}

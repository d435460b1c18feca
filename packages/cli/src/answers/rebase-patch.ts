import { join, relative } from 'node:path';

/** A patch whose paths begin at folder `from`, as one whose paths begin at folder `to`. Undefined where a path would leave `to`. */
export function rebasePatch(patch: string, from: string, to: string): string | undefined {
  if (from === to) return patch;
  let inHunk = 0;
  let outside = false;
  const lines = patch.split('\n').map((line) => {
    if (inHunk > 0) {
      inHunk -= line.startsWith('\\') ? 0 : line.startsWith(' ') || line === '' ? 2 : 1;
      return line;
    }
    const counts = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line);
    if (counts) inHunk = Number(counts[1] ?? 1) + Number(counts[2] ?? 1);
    const header = /^(--- a|\+\+\+ b)\/(.*)$/.exec(line);
    if (!header) return line;
    const path = relative(to, join(from, header[2] as string));
    outside ||= path.startsWith('..');
    return `${header[1]}/${path}`;
  });
  return outside ? undefined : lines.join('\n');
}

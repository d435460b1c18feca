/** One paragraph of `installed`. */
export interface InstalledPackage {
  name?: string;
  version?: string;
  architecture?: string;
  origin?: string;
  licence?: string;
  /** Relative to the root. */
  files: string[];
  /** One-based line on which it begins. */
  line: number;
}

/**
 * Parses apk's data base: a letter, a colon and a value a line, an empty line after each package. `F` opens a folder,
 * `R` names a file in it (apk-tools, `database.c`). `cut`: it ends inside a line, as apk never leaves it.
 */
export function parseInstalled(
  text: string,
  withFiles: boolean,
): { packages: InstalledPackage[]; oddLines: number[]; cut: boolean } {
  const packages: InstalledPackage[] = [];
  const oddLines: number[] = [];
  let current: InstalledPackage | undefined;
  let folder = '';
  let line = 0;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    line += 1;
    if (end === start) current = undefined;
    else if (text[start + 1] !== ':' || end < start + 2) oddLines.push(line);
    else {
      if (current === undefined) {
        current = { files: [], line };
        packages.push(current);
        folder = '';
      }
      const letter = text[start]!;
      if (letter === 'F') folder = text.slice(start + 2, end);
      else if (letter === 'R') {
        if (withFiles)
          current.files.push(folder === '' ? text.slice(start + 2, end) : `${folder}/${text.slice(start + 2, end)}`);
      } else take(current, letter, text, start + 2, end);
    }
    start = end + 1;
  }
  return { packages, oddLines, cut: text !== '' && !text.endsWith('\n') };
}

function take(item: InstalledPackage, letter: string, text: string, start: number, end: number): void {
  if (letter === 'P') item.name = text.slice(start, end);
  else if (letter === 'V') item.version = text.slice(start, end);
  else if (letter === 'A') item.architecture = text.slice(start, end);
  else if (letter === 'o') item.origin = text.slice(start, end);
  else if (letter === 'L') item.licence = text.slice(start, end);
}

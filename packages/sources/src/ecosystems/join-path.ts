/** An empty part, or one that is `.` or `..`. */
const ODD_PART = /(?:^|\/)\.{0,2}(?:\/|$)/;

/** A path below a folder as one relative to the root; none where it leads out of the root. */
export function joinPath(folder: string, path: string): string[] {
  if (path === '') return [];
  if (!ODD_PART.test(path)) return [folder === '' ? path : `${folder}/${path}`];
  const parts: string[] = path.startsWith('/') ? [] : folder.split('/').filter((part) => part !== '');
  for (const part of path.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return [];
    } else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.length === 0 ? [] : [parts.join('/')];
}

import type { ReleaseFacts, ReleaseFile } from '@breakwater/model';

/** A program as events name it. */
export interface NamedProgram {
  path: string;
  applet?: string;
  /** What runs it, where it is a script; events may tell of either. */
  interpreter?: NamedProgram;
}

/** Programs that do what they are called as. */
const MULTIPLE = /\/(?:busybox|toybox|coreutils|uutils)$/;
const DEFAULT_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/**
 * Finds the programs of a release by what they are called: through its search path and links, as the kernel then names
 * the file. Undefined for what is not in it; where its files are not known, for what is no path.
 */
export function programFinder(facts: ReleaseFacts): (name: string) => NamedProgram | undefined {
  const files = new Map<string, ReleaseFile>();
  for (const file of facts.files) {
    files.set(file.path, file);
    for (const link of file.links ?? []) if (!files.has(link)) files.set(link, file);
  }
  const folders = facts.searchPath.length > 0 ? facts.searchPath : DEFAULT_PATH;
  const fileOf = (name: string): [called: string, file: ReleaseFile] | undefined => {
    const paths = name.startsWith('/') ? [name, `/usr${name}`] : folders.map((folder) => `${folder}/${name}`);
    for (const path of name.includes('/') && !name.startsWith('/') ? [] : paths) {
      const file = files.get(path);
      if (file !== undefined) return [path, file];
    }
    return undefined;
  };
  const find = (name: string, depth: number): NamedProgram | undefined => {
    const found = fileOf(name);
    if (found === undefined) return facts.files.length === 0 && name.startsWith('/') ? { path: name } : undefined;
    const [called, { path, interpreter }] = found;
    const applet = called.slice(called.lastIndexOf('/') + 1);
    if (MULTIPLE.test(path) && called !== path) return { path, applet };
    if (interpreter === undefined || depth === 0) return { path };
    const [program = '', argument] = interpreter.split(/\s+/);
    const isSearched = program.endsWith('/env') && argument !== undefined && !argument.startsWith('-');
    const runs = find(isSearched ? argument : program, depth - 1);
    return { path, ...(runs !== undefined && { interpreter: runs }) };
  };
  return (name) => find(name, 2);
}

import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { type OwnersOf, parseCodeOwners } from './parse-code-owners.ts';

/** Owners of files, by the CODEOWNERS of the repository that each is in. */
export interface CodeOwners {
  /** Empty where the file is in no repository, or nobody owns it. */
  ownersOf(file: string): string[];
}

/** Where hosts of repositories look, in their order. */
const PLACES = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'];
/** What GitHub reads. */
const MAX_SIZE = 3 * 1024 * 1024;

/** Each repository's file is read once, when a file in it is first asked for. */
export function openCodeOwners(): CodeOwners {
  const roots = new Map<string, string | undefined>();
  const files = new Map<string, OwnersOf | undefined>();

  const rootOf = (folder: string): string | undefined => {
    if (!roots.has(folder)) {
      const parent = dirname(folder);
      roots.set(folder, existsSync(join(folder, '.git')) ? folder : parent === folder ? undefined : rootOf(parent));
    }
    return roots.get(folder);
  };

  return {
    ownersOf(file) {
      const path = resolve(file);
      const root = rootOf(dirname(path));
      if (root === undefined) return [];
      if (!files.has(root)) files.set(root, readOwners(root));
      return files.get(root)?.(relative(root, path).split(sep).join('/')) ?? [];
    },
  };
}

function readOwners(root: string): OwnersOf | undefined {
  for (const place of PLACES) {
    try {
      const path = join(root, place);
      if (statSync(path).size <= MAX_SIZE) return parseCodeOwners(readFileSync(path, 'utf8'));
    } catch {
      // Not there: the next place is looked at.
    }
  }
  return undefined;
}

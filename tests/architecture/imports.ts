import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A file of the product with what it imports. */
export interface SourceFile {
  /** Relative to the root, `packages/engine/src/risk/index.ts`. */
  path: string;
  package: string;
  lines: number;
  /** As written: `@breakwater/model`, `./edges.ts`, `node:fs`. */
  imports: string[];
  text: string;
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s+['"]([^'"]+)['"]/g;

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name === 'dist' ? [] : filesBelow(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

/** Every TypeScript file below `packages/`. */
export function readSources(): SourceFile[] {
  return filesBelow(join(root, 'packages')).map((file) => {
    const text = readFileSync(file, 'utf8');
    const path = relative(root, file);
    const imports = [...text.matchAll(IMPORT)].map((match) => (match[1] ?? match[2] ?? match[3]) as string);
    return { path, package: path.split('/')[1] as string, lines: text.split('\n').length, imports, text };
  });
}

import { isIdentity } from '../purl-of.ts';
import type { RpmHeader } from './header.ts';

/** The package on a line, and what is not one. */
export interface Manifest {
  packages: RpmHeader[];
  /** One-based numbers of lines that are no package. */
  oddLines: number[];
}

const COLUMNS = 10;

/**
 * Parses `container-manifest-2`, which CBL-Mariner and Azure Linux leave in images without a database: a package a line,
 * columns parted by tabs: name, version-release, two times, vendor, epoch, size, architecture, epoch as a number, source.
 */
export function parseManifest(text: string): Manifest {
  const packages: RpmHeader[] = [];
  const oddLines: number[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const columns = line.trimEnd().split('\t');
    const parsed = columns.length === COLUMNS ? toHeader(columns) : undefined;
    if (parsed === undefined) oddLines.push(index + 1);
    else packages.push(parsed);
  }
  return { packages, oddLines };
}

function toHeader(columns: string[]): RpmHeader | undefined {
  const [name, evr = '', , , vendor, , , architecture, epoch = '', sourceRpm] = columns.map(stated);
  const dash = evr.lastIndexOf('-');
  if (dash <= 0) return undefined;
  return {
    name,
    epoch: /^\d{1,9}$/.test(epoch) ? Number(epoch) : undefined,
    version: evr.slice(0, dash),
    release: evr.slice(dash + 1),
    architecture,
    sourceRpm,
    vendor,
    licence: undefined,
    modularityLabel: undefined,
    *paths() {},
  };
}

/** rpm writes `(none)` for a tag that is not there. */
function stated(value: string): string | undefined {
  return value === '(none)' || !isIdentity(value) ? undefined : value;
}

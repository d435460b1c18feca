import { readFileSync } from 'node:fs';
import { parsePurl } from '@breakwater/model/purl';

/** A package as a document names it, and the documents' own words for where it was found. */
interface Listed {
  purl: string;
  paths: string[];
}

interface CdxComponent {
  type?: string;
  purl?: string;
  properties?: { name: string; value: string }[];
  components?: CdxComponent[];
}

/** Names of properties that hold a path: ours, and those of other programs. */
const PATH = /(?:^|:)(?:path|location:\d+:path|FilePath)$/;

/**
 * Packages of two CycloneDX documents that only one of them has: `node compare-sboms.ts OURS THEIRS`. Two packages are
 * the same when type, namespace, name and version are: qualifiers are each program's own, and an epoch counts wherever
 * it is written.
 */
function compareSboms(ours: string, theirs: string): void {
  const left = readPackages(ours);
  const right = readPackages(theirs);
  console.log(
    `${left.size} and ${right.size} packages, ${[...left.keys()].filter((key) => right.has(key)).length} in both`,
  );
  print(
    `only in ${ours}`,
    [...left].filter(([key]) => !right.has(key)),
  );
  print(
    `only in ${theirs}`,
    [...right].filter(([key]) => !left.has(key)),
  );
}

function print(title: string, rows: [key: string, listed: Listed][]): void {
  const byType = Map.groupBy(rows, ([key]) => key.split('/', 1)[0]!);
  console.log(`\n${title}: ${rows.length}`);
  for (const [type, group] of [...byType].sort()) {
    console.log(`  ${type}: ${group.length}`);
    for (const [key, { paths }] of group.sort())
      console.log(`    ${key}  ${[...new Set(paths)].slice(0, 3).join(' ')}`);
  }
}

function readPackages(path: string): Map<string, Listed> {
  const found = new Map<string, Listed>();
  const waiting = (JSON.parse(readFileSync(path, 'utf8')) as { components?: CdxComponent[] }).components ?? [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    waiting.push(...(next.components ?? []));
    const key = keyOf(next.purl);
    if (key === undefined) continue;
    const paths = (next.properties ?? []).flatMap(({ name, value }) => (PATH.test(name) ? value : []));
    const known = found.get(key);
    if (known === undefined) found.set(key, { purl: next.purl!, paths });
    else known.paths.push(...paths);
  }
  return found;
}

function keyOf(text: string | undefined): string | undefined {
  const purl = text === undefined ? undefined : parsePurl(text);
  if (purl === undefined) return undefined;
  const { type, namespace, name, version = '', qualifiers } = purl;
  const epoch = qualifiers?.['epoch'];
  const whole = epoch !== undefined && epoch !== '0' && !version.includes(':') ? `${epoch}:${version}` : version;
  return [type, namespace ?? '', `${name}@${whole.replace(/^0:/, '')}`].join('/');
}

const [ours, theirs] = process.argv.slice(2);
if (import.meta.main) {
  if (ours === undefined || theirs === undefined) {
    console.error('usage: node tests/bench/compare-sboms.ts OURS THEIRS');
    process.exit(2);
  }
  compareSboms(ours, theirs);
}

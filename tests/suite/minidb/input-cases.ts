import { matchComponents } from '@breakwater/engine/matching';
import type { AdvisoryRow, Component } from '@breakwater/model';
import type { Answer } from '../suite.ts';
import { type InputReading, readFolder, readSbomFile } from './inputs.ts';
import { type Fields, fieldsOf, textOf, textsOf } from './json.ts';
import { lookupOf } from './rows.ts';
import { type DatabaseEntry, languageEntries, readBuckets, redHatEntries } from './trivy-database.ts';
import { vexRows } from './vex-files.ts';

/** Stands for RHEL and CentOS, whatever the release: the rows are those of the case's. */
const RED_HAT = 'Red Hat:enterprise_linux';

/** Answers a case of lock files, or an SBOM, against database files. */
export async function answerInput(fields: Record<string, unknown>, folder: string): Promise<Answer> {
  const input = textOf(fields['input']);
  const options = fieldsOf(fields['options']);
  if (options['vex_repository'] !== undefined) return { unsupported: 'repositories of VEX are not read yet' };
  const isSbom = options['mode'] === 'sbom';
  const reading = isSbom ? await readSbomFile(folder, input) : readFolder(folder, input, options);
  if ('unsupported' in reading) return reading;
  const entries = entriesOf(readBuckets(folder, textsOf(fields['db'])), options, reading);
  const statements = options['vex'] === undefined ? [] : vexRows(folder, textOf(options['vex']), RED_HAT);
  // A component a file: the same package in two lock files is two.
  const components = reading.components.map((component, index) => ({
    ...component,
    id: String(index),
    ...(component.type === 'rpm' ? { ecosystem: RED_HAT } : {}),
  }));
  return {
    answer: { vulnerabilities: findingsOf(components, entries, statements), packages: components.map(packageOf) },
  };
}

function entriesOf(
  buckets: Fields,
  options: Fields,
  { major = '' }: Exclude<InputReading, { unsupported: string }>,
): DatabaseEntry[] {
  return [...languageEntries(buckets, textsOf(options['severity_sources'])), ...redHatEntries(buckets, RED_HAT, major)];
}

function findingsOf(
  components: readonly Component[],
  entries: readonly DatabaseEntry[],
  statements: readonly AdvisoryRow[],
): Fields[] {
  const { matches } = matchComponents(components, lookupOf([...entries.map(({ row }) => row), ...statements]));
  const paths = new Set(components.map(({ path }) => path));
  const fixes = new Map(entries.map(({ row, fixed }) => [`${row.ecosystem} ${row.package} ${row.id}`, fixed]));
  return matches.map(({ component, advisories, id, severity, fixedVersion }) => {
    const found = components[Number(component)]!;
    const stated = [found.name, found.name.toLowerCase()]
      .map((name) => fixes.get(`${found.ecosystem} ${name} ${advisories[0]}`))
      .find((fixed) => fixed !== undefined);
    return {
      target: targetOf(found.path, paths),
      pkg: found.name,
      version: found.version,
      vuln: id,
      fixed: stated ?? fixedVersion ?? '',
      severity: severity.toUpperCase(),
    };
  });
}

/** The reference reports what a go.sum adds under the go.mod beside it. */
function targetOf(path: string, paths: ReadonlySet<string>): string {
  const mod = path.replace(/(?<=\/)go\.sum$/, 'go.mod');
  return (paths.has(mod) ? mod : path).slice(1);
}

function packageOf({ name, version }: Component): Fields {
  return { name, version };
}

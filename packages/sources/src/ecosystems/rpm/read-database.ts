import { isBerkeley, readBerkeley } from './berkeley.ts';
import { DatabaseDamage } from './bytes.ts';
import { HeaderCollector } from './header-collector.ts';
import { isNdb, readNdb } from './ndb.ts';
import { readSqlite } from './sqlite.ts';

/**
 * Reads the headers of a package database, whichever of rpm's formats it is in: the content tells, not the name. `log`
 * is the write-ahead log beside an SQLite file. Damage is in the collector, with what could be read in spite of it.
 */
export function readDatabase(file: Buffer, log: Buffer | undefined): HeaderCollector {
  const collector = new HeaderCollector(file.length + (log?.length ?? 0));
  try {
    readInto(file, log, collector);
  } catch (error) {
    collector.note(error);
  }
  return collector;
}

function readInto(file: Buffer, log: Buffer | undefined, collector: HeaderCollector): void {
  if (isNdb(file)) readNdb(file, collector);
  else if (isBerkeley(file)) readBerkeley(file, collector);
  else if (log !== undefined || file.toString('latin1', 0, 6) === 'SQLite') readSqlite(file, log, collector);
  else throw new DatabaseDamage(file.length === 0 ? 'it is empty' : 'it is in no format that rpm writes');
}

import { DatabaseDamage, slice, uint8, uint16, uint32 } from './bytes.ts';
import { readLog } from './sqlite-log.ts';

const MAGIC = 'SQLite format 3\0';
const SMALLEST_PAGE = 512;
const LEAST_USABLE = 480;

/** The pages of a database as its last commit left them; the first is number 1. */
export interface SqlitePages {
  /** Bytes of a page that hold data; the rest is reserved for extensions. */
  usable: number;
  /** Throws `DatabaseDamage` where there is none of this number. */
  page(number: number): Buffer;
}

/** Opens a database: its file, and what its write-ahead log holds beyond it. */
export function openPages(file: Buffer, log: Buffer | undefined): SqlitePages {
  const committed = log === undefined ? undefined : readLog(log);
  const first = committed?.pages.get(1) ?? file;
  if (first.length < 100 || first.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new DatabaseDamage('it is no SQLite file');
  }
  const stated = uint16(first, 16);
  const pageSize = stated === 1 ? 65536 : stated;
  const usable = pageSize - uint8(first, 20);
  if (pageSize < SMALLEST_PAGE || (pageSize & (pageSize - 1)) !== 0 || usable < LEAST_USABLE) {
    throw new DatabaseDamage('its size of pages is impossible');
  }
  if (uint32(first, 56) > 1) throw new DatabaseDamage('its text is not in UTF-8');
  return {
    usable,
    page: (number) => committed?.pages.get(number) ?? slice(file, (number - 1) * pageSize, pageSize),
  };
}

import { DatabaseDamage, slice, uint8, uint16, uint32 } from './bytes.ts';
import type { HeaderCollector } from './header-collector.ts';
import { openPages, type SqlitePages } from './sqlite-pages.ts';
import { blobOf, integerOf, readRecord, readVarint, textOf } from './sqlite-record.ts';

const TABLE_LEAF = 13;
const TABLE_INTERIOR = 5;
const SCHEMA_PAGE = 1;
/** Page 1 begins with the header of the file. */
const FILE_HEADER = 100;
/** Rows, and pages not yet visited: more than any database of packages has. */
const MOST = 200_000;

type Visit = (payload: Buffer) => void;

/**
 * Reads the headers of `rpmdb.sqlite`: the second column of the table `Packages`, one row a package. Of SQLite's format
 * (https://www.sqlite.org/fileformat2.html) only what that needs is read, and of the write-ahead log what is committed.
 * Throws `DatabaseDamage` where the table cannot be found.
 */
export function readSqlite(file: Buffer, log: Buffer | undefined, into: HeaderCollector): void {
  const pages = openPages(file, log);
  const walk = new TableWalk(pages, into);
  let root: number | undefined;
  walk.visit(SCHEMA_PAGE, (payload) => {
    const columns = readRecord(payload);
    if (textOf(columns[0]) === 'table' && textOf(columns[1]) === 'Packages') root = integerOf(columns[3]);
  });
  if (root === undefined) throw new DatabaseDamage('it has no table of packages');
  walk.visit(root, (payload) => into.take(blobOf(readRecord(payload)[1])));
}

/** Walks the b-trees of tables. A page belongs to one place, so none is read twice. */
class TableWalk {
  readonly #pages: SqlitePages;
  readonly #into: HeaderCollector;
  readonly #seen = new Set<number>();
  #rows = 0;

  constructor(pages: SqlitePages, into: HeaderCollector) {
    this.#pages = pages;
    this.#into = into;
  }

  /** Hands every row of a table to `visit`, in their order. */
  visit(root: number, visit: Visit): void {
    const ahead = [root];
    while (ahead.length > 0) {
      const number = ahead.pop()!;
      this.#into.attempt(() => {
        const below = this.#visitPage(number, visit);
        if (ahead.length + below.length > MOST) throw new DatabaseDamage('its tree has too many branches');
        ahead.push(...below.reverse());
      });
    }
  }

  /** The pages below a page, after the rows on it were handed out. */
  #visitPage(number: number, visit: Visit): number[] {
    const page = this.#take(number);
    const start = number === SCHEMA_PAGE ? FILE_HEADER : 0;
    const kind = uint8(page, start);
    const cells = uint16(page, start + 3);
    if (kind === TABLE_LEAF) {
      this.#rows += cells;
      if (this.#rows > MOST) throw new DatabaseDamage(`it has more than ${MOST} rows`);
      for (let cell = 0; cell < cells; cell++) {
        this.#into.attempt(() => visit(this.#payload(page, uint16(page, start + 8 + cell * 2))));
      }
      return [];
    }
    if (kind !== TABLE_INTERIOR) throw new DatabaseDamage(`page ${number} is no part of a table`);
    const below: number[] = [];
    for (let cell = 0; cell < cells; cell++) below.push(uint32(page, uint16(page, start + 12 + cell * 2)));
    return [...below, uint32(page, start + 8)];
  }

  /** The content of a row: on its page, and where it is long on a chain of overflow pages. */
  #payload(page: Buffer, at: number): Buffer {
    const size = readVarint(page, at);
    const rowId = readVarint(page, size.end);
    const { usable } = this.#pages;
    if (size.value > this.#into.left) throw new DatabaseDamage('a row is larger than the file');
    const local = localSize(size.value, usable);
    const head = slice(page, rowId.end, local);
    if (local === size.value) return head;
    const parts = [head];
    let next = uint32(page, rowId.end + local);
    for (let left = size.value - local; left > 0; ) {
      const overflow = this.#take(next);
      const part = slice(overflow, 4, Math.min(left, usable - 4));
      parts.push(part);
      left -= part.length;
      next = uint32(overflow, 0);
    }
    return Buffer.concat(parts);
  }

  #take(number: number): Buffer {
    if (this.#seen.has(number)) throw new DatabaseDamage(`page ${number} is used twice`);
    const page = this.#pages.page(number);
    this.#seen.add(number);
    return page;
  }
}

/** How much of a row is on the page of its cell (fileformat2, section 1.6). */
function localSize(size: number, usable: number): number {
  const most = usable - 35;
  if (size <= most) return size;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const fitting = least + ((size - least) % (usable - 4));
  return fitting <= most ? fitting : least;
}

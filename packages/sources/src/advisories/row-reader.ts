import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { AdvisoryRow } from '@breakwater/model';
import { type AdvisoryDetail, decodeDetail } from './detail-text.ts';
import { askedEcosystems, ecosystemFamily } from './ecosystem-names.ts';
import { packageKey } from './package-key.ts';
import { IndexedRow, ROW_END, rangeReader } from './row-text.ts';

/** An advisory as the index keeps it, for `explain`: a row for each package it names. */
export interface AdvisoryRecord {
  id: string;
  published?: string;
  /** Page to read. */
  url?: string;
  rows: AdvisoryRow[];
}

/** Runs a query; turns what SQLite says of a damaged file into an error of ours. */
type Guard = <T>(read: () => T) => T;

/** Rows of one advisory are shown, not matched: those of its first packages are enough. */
const MOST_PACKAGES = 1000;

/** Reads rows: by package for matching, by advisory to show them. */
export class RowReader {
  readonly #guard: Guard;
  readonly #packages: StatementSync;
  readonly #details: StatementSync;
  readonly #byName: StatementSync;
  readonly #byNumber: StatementSync;
  readonly #ecosystems: ReadonlyMap<string, number>;
  readonly #sources: ReadonlyMap<number, string>;
  readonly #asked = new Map<string, AskedEcosystem[]>();
  readonly #known = new Map<number, AdvisoryDetail>();
  readonly #ranges = rangeReader();

  constructor(database: DatabaseSync, guard: Guard) {
    this.#guard = guard;
    this.#packages = database.prepare('select rows from package where ecosystem = ? and name = ?');
    this.#details = database.prepare('select detail from advisory where id = ?');
    for (const statement of [this.#packages, this.#details]) statement.setReturnArrays(true);
    this.#byName = database.prepare('select id, packages from advisory where name = ?');
    this.#byNumber = database.prepare(`select ecosystem.name as ecosystem, package.name, package.rows from package
      join ecosystem on ecosystem.id = package.ecosystem where package.id = ?`);
    const named = (table: string) => database.prepare(`select id, name from ${table}`).all();
    this.#ecosystems = new Map(named('ecosystem').map(({ id, name }) => [String(name), Number(id)]));
    this.#sources = new Map(named('source').map(({ id, name }) => [Number(id), String(name)]));
  }

  rowsOf(ecosystem: string, packageName: string): IndexedRow[] {
    const rows: IndexedRow[] = [];
    for (const { id, name, family } of this.#ask(ecosystem)) {
      const key = packageKey(family, packageName);
      const found = this.#guard(() => this.#packages.get(id, key));
      if (found !== undefined) this.#decode(String((found as unknown as SQLOutputValue[])[0]), name, key, rows);
    }
    return rows;
  }

  covers(ecosystem: string): boolean {
    return this.#ask(ecosystem).length > 0;
  }

  advisory(id: string): AdvisoryRecord | undefined {
    const found = this.#guard(() => this.#byName.get(id));
    if (found === undefined) return undefined;
    const number = Number(found['id']);
    const rows: IndexedRow[] = [];
    for (const packageId of String(found['packages']).split(' ').filter(Boolean).slice(0, MOST_PACKAGES)) {
      const cells = this.#guard(() => this.#byNumber.get(Number(packageId)));
      if (cells) this.#decode(String(cells['rows']), String(cells['ecosystem']), String(cells['name']), rows);
    }
    const { published, url } = this.#detail(number);
    const own = rows.filter(({ advisory }) => advisory === number);
    return { id, ...(published && { published }), ...(url && { url }), rows: own };
  }

  #decode(texts: string, ecosystem: string, packageName: string, rows: IndexedRow[]): void {
    for (const text of texts.split(ROW_END)) {
      rows.push(new IndexedRow(text, ecosystem, packageName, this.#ranges, this.#readDetail));
    }
  }

  readonly #readDetail = (advisory: number): AdvisoryDetail => this.#detail(advisory);

  #detail(advisory: number): AdvisoryDetail {
    const known = this.#known.get(advisory);
    if (known !== undefined) return known;
    const cells = this.#guard(() => this.#details.get(advisory));
    const detail = decodeDetail(String((cells as SQLOutputValue[] | undefined)?.[0] ?? ''), this.#sources);
    this.#known.set(advisory, detail);
    return detail;
  }

  /** The ecosystems of the index that are asked for one. */
  #ask(ecosystem: string): AskedEcosystem[] {
    const known = this.#asked.get(ecosystem);
    if (known !== undefined) return known;
    const asked = askedEcosystems(ecosystem).flatMap((name) => {
      const id = this.#ecosystems.get(name);
      return id === undefined ? [] : [{ id, name, family: ecosystemFamily(name) }];
    });
    this.#asked.set(ecosystem, asked);
    return asked;
  }
}

interface AskedEcosystem {
  id: number;
  name: string;
  family: string;
}

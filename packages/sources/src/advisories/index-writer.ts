import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { cveKey } from './cve-key.ts';
import { encodeDetail } from './detail-text.ts';
import { canonicalEcosystem, ecosystemFamily } from './ecosystem-names.ts';
import type { AdvisoryHead } from './flatten-record.ts';
import { APPLICATION_ID, FINISH, LAYOUT, LAYOUT_VERSION, STAGING } from './index-layout.ts';
import { packageKey } from './package-key.ts';
import type { AffectedPackage } from './read-affected.ts';
import { encodeRow } from './row-text.ts';

/** A CVE as CISA lists it. */
export interface KnownExploited {
  cve: string;
  /** ISO 8601 date. */
  since: string;
  ransomware: boolean;
}

/** What became of an advisory's rows: those of one that was not newer, and those said twice, are no rows of their own. */
export type AddedRows = 'older' | { added: number; repeated: number };

/** Writes one index file from nothing. Nobody reads it before `finish`, so it needs neither journal nor sync. */
export class IndexWriter {
  readonly #database: DatabaseSync;
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #sources = new Map<string, number>();
  readonly #ecosystems = new Map<string, Ecosystem>();
  readonly #now = new Date().toISOString();
  #lastAdvisory = 0;
  #lastPackage = 0;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec(`
      pragma journal_mode = off; pragma synchronous = off; pragma locking_mode = exclusive; pragma cache_size = -64000;
      pragma application_id = ${APPLICATION_ID}; pragma user_version = ${LAYOUT_VERSION};
      attach database '' as staging;
      ${LAYOUT}
      ${STAGING}
      begin`);
    this.#statements = prepareStatements(this.#database);
  }

  /** Adds an advisory. Of two with the same id the newer counts; `older` when this one is the older or a repetition. */
  addAdvisory(head: AdvisoryHead, parts: readonly AffectedPackage[]): AddedRows {
    const known = this.#statements.findAdvisory.get(head.id) as { id: number; modified: string | null } | undefined;
    if (known !== undefined) {
      if ((known.modified ?? '') >= (head.modified ?? '')) return 'older';
      this.#statements.dropAdvisory.run(known.id);
    }
    // A number is never used twice, so that rows of a replaced advisory cannot become those of another.
    const advisory = ++this.#lastAdvisory;
    const packages = this.#addParts(advisory, head, parts);
    this.#statements.addAdvisory.run(
      advisory,
      head.id,
      head.modified ?? null,
      [...new Set(packages)].join(' '),
      encodeDetail(head, this.#source(head.source)),
    );
    this.#rate(head);
    return { added: packages.length, repeated: parts.length - packages.length };
  }

  addKnownExploited({ cve, since, ransomware }: KnownExploited): boolean {
    const key = cveKey(cve);
    if (key === undefined) return false;
    this.#statements.addKnownExploited.run(key, since, ransomware ? 1 : 0);
    return true;
  }

  /** Shares from 0 to 1. */
  addEpss(cve: string, epss: number, percentile: number): boolean {
    const key = cveKey(cve);
    if (key === undefined) return false;
    this.#statements.addEpss.run(key, Math.round(epss * 100_000), Math.round(percentile * 100_000));
    return true;
  }

  setMeta(key: string, value: string): void {
    this.#statements.setMeta.run(key, value);
  }

  /** Lays the rows down in the order in which they are read, and closes the file. */
  finish(): void {
    for (const { id, newest } of this.#ecosystems.values()) this.#statements.dateEcosystem.run(newest ?? null, id);
    this.#database.exec(FINISH);
    this.#database.exec('commit');
    this.#database.close();
  }

  /** Closes without finishing: the file is of no use then. */
  abandon(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  /** The packages of the rows that were added, one a row. */
  #addParts(advisory: number, head: AdvisoryHead, parts: readonly AffectedPackage[]): number[] {
    const seen = new Set<string>();
    const packages: number[] = [];
    for (const part of parts) {
      const packageId = this.#package(this.#ecosystem(part.ecosystem, head.modified), part.package);
      const text = encodeRow(advisory, head, part);
      const identity = `${packageId}\n${text}`;
      if (seen.has(identity)) continue;
      seen.add(identity);
      packages.push(packageId);
      this.#statements.stage.run(packageId, advisory, text);
    }
    return packages;
  }

  /** Only an advisory about one CVE says how bad that CVE is. */
  #rate({ id, cves, score, cvss, withdrawn, informational }: AdvisoryHead): void {
    const key = cves.length === 1 ? cveKey(cves[0]!) : undefined;
    if (key === undefined || score === undefined || withdrawn || informational !== undefined) return;
    this.#statements.rate.run(key, cvss ?? null, score, id);
  }

  #source(name: string): number {
    const known = this.#sources.get(name);
    if (known !== undefined) return known;
    const id = Number(this.#statements.addSource.run(name).lastInsertRowid);
    this.#sources.set(name, id);
    return id;
  }

  /** A few records are dated in the future; they must not make old data look fresh. */
  #ecosystem(stated: string, modified: string | undefined): Ecosystem {
    const name = canonicalEcosystem(stated);
    const ecosystem = this.#ecosystems.get(name) ?? this.#addEcosystem(name);
    if (modified !== undefined && modified <= this.#now && modified > (ecosystem.newest ?? ''))
      ecosystem.newest = modified;
    return ecosystem;
  }

  #addEcosystem(name: string): Ecosystem {
    const id = Number(this.#statements.addEcosystem.run(name).lastInsertRowid);
    const ecosystem = { id, family: ecosystemFamily(name), newest: undefined, packages: new Map<string, number>() };
    this.#ecosystems.set(name, ecosystem);
    return ecosystem;
  }

  #package({ id, family, packages }: Ecosystem, stated: string): number {
    const name = packageKey(family, stated);
    const known = packages.get(name);
    if (known !== undefined) return known;
    const packageId = ++this.#lastPackage;
    this.#statements.addPackage.run(packageId, id, name);
    packages.set(name, packageId);
    return packageId;
  }
}

interface Ecosystem {
  id: number;
  family: string;
  newest: string | undefined;
  packages: Map<string, number>;
}

function prepareStatements(database: DatabaseSync) {
  const prepare = (sql: string): StatementSync => database.prepare(sql);
  return {
    findAdvisory: prepare('select id, modified from advisory where name = ?'),
    dropAdvisory: prepare('delete from advisory where id = ?'),
    addAdvisory: prepare('insert into advisory (id, name, modified, packages, detail) values (?, ?, ?, ?, ?)'),
    addSource: prepare('insert into source (name) values (?)'),
    addEcosystem: prepare('insert into ecosystem (name) values (?)'),
    dateEcosystem: prepare('update ecosystem set newest = ? where id = ?'),
    addPackage: prepare('insert into staging.package_name values (?, ?, ?)'),
    stage: prepare('insert into staging.row values (?, ?, ?)'),
    addKnownExploited: prepare(`insert into cve (key, kev, ransomware) values (?, ?, ?)
      on conflict (key) do update set kev = excluded.kev, ransomware = excluded.ransomware`),
    addEpss: prepare(`insert into cve (key, epss, percentile) values (?, ?, ?)
      on conflict (key) do update set epss = excluded.epss, percentile = excluded.percentile`),
    rate: prepare(`insert into cve (key, cvss, score, advisory) values (?, ?, ?, ?)
      on conflict (key) do update set cvss = excluded.cvss, score = excluded.score, advisory = excluded.advisory
      where cve.score is null or excluded.score > cve.score`),
    setMeta: prepare('insert or replace into meta values (?, ?)'),
  };
}

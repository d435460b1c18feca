import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { cveKey } from './cve-key.ts';
import type { AdvisoryHead, AffectedPackage } from './flatten-record.ts';
import { APPLICATION_ID, FINISH, LAYOUT, LAYOUT_VERSION } from './index-layout.ts';
import { ecosystemFamily, packageKey } from './package-key.ts';
import { encodeRanges } from './range-text.ts';

/** A CVE as CISA lists it. */
export interface KnownExploited {
  cve: string;
  /** ISO 8601 date. */
  since: string;
  ransomware: boolean;
}

/** Writes one index file from nothing. Nobody reads it before `finish`, so it needs neither journal nor sync. */
export class IndexWriter {
  readonly #database: DatabaseSync;
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #numbers = new Map<string, number>();
  #lastAdvisory = 0;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec(`
      pragma journal_mode = off; pragma synchronous = off; pragma locking_mode = exclusive; pragma cache_size = -64000;
      pragma application_id = ${APPLICATION_ID}; pragma user_version = ${LAYOUT_VERSION};
      ${LAYOUT}
      begin`);
    this.#statements = prepareStatements(this.#database);
  }

  /** Adds an advisory. Of two with the same id the newer counts; false when this one is the older or a repetition. */
  addAdvisory(head: AdvisoryHead, parts: readonly AffectedPackage[]): boolean {
    const known = this.#statements.findAdvisory.get(head.id) as { id: number; modified: string | null } | undefined;
    if (known !== undefined) {
      if ((known.modified ?? '') >= (head.modified ?? '')) return false;
      this.#statements.dropAdvisory.run(known.id);
    }
    // A number is never used twice, so that rows of a replaced advisory cannot become those of another.
    const advisory = ++this.#lastAdvisory;
    this.#statements.addAdvisory.run(
      advisory,
      head.id,
      this.#number('source', head.source),
      head.modified ?? null,
      head.published ?? null,
      head.withdrawn ? 1 : 0,
      head.informational ?? null,
      head.summary,
      head.severity,
      head.cvss ?? null,
      head.score ?? null,
      head.confidence,
      head.cves.join('\n'),
      head.aliases.join('\n'),
      head.url ?? null,
    );
    this.#addParts(advisory, parts);
    this.#rate(advisory, head);
    return true;
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
    this.#database.exec(FINISH);
    this.#database.exec('commit; vacuum; analyze');
    this.#database.close();
  }

  /** Closes without finishing: the file is of no use then. */
  abandon(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #addParts(advisory: number, parts: readonly AffectedPackage[]): void {
    const seen = new Set<string>();
    for (const { ecosystem, package: name, ranges, versions, partial, names } of parts) {
      const ecosystemId = this.#number('ecosystem', ecosystem);
      const packageId = this.#packageNumber(ecosystemId, packageKey(ecosystemFamily(ecosystem), name));
      const rangeText = encodeRanges(ranges);
      const versionText = versions.join('\t');
      const identity = `${packageId}\n${rangeText}\n${versionText}`;
      if (seen.has(identity)) continue;
      this.#statements.stage.run(
        packageId,
        advisory,
        seen.size,
        rangeText,
        versionText,
        partial ? 1 : 0,
        names ?? null,
      );
      seen.add(identity);
    }
  }

  /** Only an advisory about one CVE says how bad that CVE is. */
  #rate(advisory: number, { cves, score, cvss, withdrawn, informational }: AdvisoryHead): void {
    const key = cves.length === 1 ? cveKey(cves[0]!) : undefined;
    if (key === undefined || score === undefined || withdrawn || informational !== undefined) return;
    this.#statements.rate.run(key, cvss ?? null, score, advisory);
  }

  #number(table: 'source' | 'ecosystem', name: string): number {
    const cached = this.#numbers.get(`${table}\t${name}`);
    if (cached !== undefined) return cached;
    const add = table === 'source' ? this.#statements.addSource : this.#statements.addEcosystem;
    const id = Number(add.run(name).lastInsertRowid);
    this.#numbers.set(`${table}\t${name}`, id);
    return id;
  }

  #packageNumber(ecosystem: number, name: string): number {
    const found = this.#statements.findPackage.get(ecosystem, name) as { id: number } | undefined;
    return found?.id ?? Number(this.#statements.addPackage.run(ecosystem, name).lastInsertRowid);
  }
}

function prepareStatements(database: DatabaseSync) {
  const prepare = (sql: string): StatementSync => database.prepare(sql);
  return {
    findAdvisory: prepare('select id, modified from advisory where name = ?'),
    dropAdvisory: prepare('delete from advisory where id = ?'),
    addAdvisory: prepare(`insert into advisory (id, name, source, modified, published, withdrawn, informational,
      summary, severity, cvss, score, confidence, cves, aliases, url)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    addSource: prepare('insert into source (name) values (?)'),
    addEcosystem: prepare('insert into ecosystem (name) values (?)'),
    findPackage: prepare('select id from package where ecosystem = ? and name = ?'),
    addPackage: prepare('insert into package (ecosystem, name) values (?, ?)'),
    stage: prepare('insert into staged values (?, ?, ?, ?, ?, ?, ?)'),
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

/** Marks the file as ours for SQLite's header ("BWAI"). */
export const APPLICATION_ID = 0x42574149;

/** Raised with every change of the layout: an index of another version is imported anew, never migrated. */
export const LAYOUT_VERSION = 1;

/**
 * The layout. An advisory stands once, its packages refer to it by number; CVEs are integers (see `cveKey`) and EPSS
 * shares are hundred-thousandths, which is what EPSS publishes.
 */
export const LAYOUT = `
create table meta (key text primary key, value text not null) without rowid;
create table source (id integer primary key, name text not null unique);
create table ecosystem (id integer primary key, name text not null unique, rows integer, newest text);
create table package (id integer primary key, ecosystem integer not null, name text not null, unique (ecosystem, name));
create table advisory (
  id integer primary key, name text not null unique, source integer not null, modified text, published text,
  withdrawn integer not null, informational text, summary text not null, severity text not null, cvss text, score real,
  confidence text not null, cves text not null, aliases text not null, url text
);
create table staged (package integer, advisory integer, part integer, ranges text, versions text, partial integer, names text);
create table affected (
  package integer not null, advisory integer not null, part integer not null, ranges text not null,
  versions text not null, partial integer not null, names text, primary key (package, advisory, part)
) without rowid;
create table cve (
  key integer primary key, epss integer, percentile integer, kev text, ransomware integer not null default 0,
  cvss text, score real, advisory integer
);
`;

/**
 * Run when all is written: rows of replaced advisories go, the rest is laid down package by package. A few records are
 * dated in the future; they must not make old data look fresh.
 */
export const FINISH = `
insert into affected select staged.* from staged join advisory on advisory.id = staged.advisory
  order by package, advisory, part;
drop table staged;
create index affected_by_advisory on affected (advisory);
delete from package where id not in (select package from affected);
update ecosystem set (rows, newest) = (
  select count(*), max(iif(julianday(advisory.modified) <= julianday('now'), advisory.modified, null)) from package
  join affected on affected.package = package.id join advisory on advisory.id = affected.advisory
  where package.ecosystem = ecosystem.id
);
delete from ecosystem where rows = 0;
insert into meta select 'advisories', count(*) from advisory;
insert into meta select 'rows', count(*) from affected;
insert into meta select 'newest', max(newest) from ecosystem where newest is not null having count(*) > 0;
`;

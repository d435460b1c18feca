/** Marks the file as ours for SQLite's header ("BWAI"). */
export const APPLICATION_ID = 0x42574149;

/** Raised with every change of the layout: an index of another version is imported anew, never migrated. */
export const LAYOUT_VERSION = 3;

/**
 * The layout. A package has all its rows as one text (`encodeRow`), so that matching costs one look-up a name; what
 * only explains a row stands once an advisory. CVEs are integers (see `cveKey`) and EPSS shares are
 * hundred-thousandths, which is what EPSS publishes.
 */
export const LAYOUT = `
create table meta (key text primary key, value text not null) without rowid;
create table source (id integer primary key, name text not null unique);
create table ecosystem (id integer primary key, name text not null unique, rows integer not null default 0, newest text);
create table package (id integer primary key, ecosystem integer not null, name text not null, rows text not null);
create table advisory (
  id integer primary key, name text not null, modified text, packages text not null, detail text not null
);
create table cve (
  key integer primary key, epss integer, percentile integer, kev text, ransomware integer not null default 0,
  cvss text, score real, advisory text
);
create unique index advisory_by_name on advisory (name);
`;

/** Where rows wait until all are known: apart from the index, so that it need not be packed when they go. */
export const STAGING = `
create table staging.package_name (id integer primary key, ecosystem integer not null, name text not null);
create table staging.row (package integer not null, advisory integer not null, text text not null);
`;

/** Run when all is written: rows of replaced advisories go, the rest is laid down package by package. */
export const FINISH = `
insert into package
  select named.id, ecosystem, named.name, group_concat(text, char(30) order by row.advisory, row.rowid)
  from staging.row join advisory on advisory.id = row.advisory
  join staging.package_name as named on named.id = row.package group by row.package;
update ecosystem set rows = counted.rows from (
  select ecosystem as id, count(*) as rows from staging.row join advisory on advisory.id = row.advisory
  join staging.package_name as named on named.id = row.package group by ecosystem
) as counted where counted.id = ecosystem.id;
create unique index package_by_name on package (ecosystem, name);
delete from ecosystem where rows = 0;
insert into meta select 'advisories', count(*) from advisory;
insert into meta select 'rows', sum(rows) from ecosystem having count(*) > 0;
insert into meta select 'newest', max(newest) from ecosystem where newest is not null having count(*) > 0;
`;

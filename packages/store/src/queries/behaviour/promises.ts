import { createHash } from 'node:crypto';
import type { ToldReplica } from '@breakwater/app/ingest/kept';
import type { Behaviour } from '@breakwater/model';
import type { Kysely } from 'kysely';
import type { Schema } from '../../schema.ts';
import { parseDocument } from '../documents.ts';

type Dimensions = Behaviour['dimension'][];

/** Kinds of things of which a source said that it tells of them every time. */
interface Promised {
  /** When it said so last. */
  last: Dimensions;
  /** Each time that it said so: of what else it did not tell, it may only have told nothing for a while. */
  always: Dimensions;
}

const KIND = 'promise';
const NAMES = 500;
/** Characters of a name; PostgreSQL's indexes hold 2,700 bytes. */
const LONGEST = 500;

/** Keeps what sources say in a batch that they tell of each container, in the transaction that stores it. */
export async function writePromises(
  db: Kysely<Schema>,
  tenant: string,
  replicas: readonly ToldReplica[],
): Promise<void> {
  const said = new Map<string, Dimensions>();
  for (const { subject, container, reporter, dimensions } of replicas) {
    if (dimensions === undefined) continue;
    const name = nameOf(subject, container, reporter);
    said.set(name, common(said.get(name), dimensions));
  }
  if (said.size === 0) return;
  const before = await readAll(db, tenant, [...said.keys()]);
  for (const [name, last] of said) {
    const document = JSON.stringify({ last, always: common(before.get(name)?.always, last) } satisfies Promised);
    await db
      .insertInto('documents')
      .values({ tenant, kind: KIND, name, document })
      .onConflict((c) => c.columns(['tenant', 'kind', 'name']).doUpdateSet({ document }))
      .execute();
  }
}

/** What a source said last that it tells of a container; undefined where it said nothing. */
export async function readPromise(
  db: Kysely<Schema>,
  tenant: string,
  ...place: [subject: string, container: string, reporter: string]
): Promise<Dimensions | undefined> {
  const name = nameOf(...place);
  return (await readAll(db, tenant, [name])).get(name)?.last;
}

/** Of what all of them told all the time, of each container: none where one of them never said. */
export async function readCommonPromise(
  db: Kysely<Schema>,
  tenant: string,
  subject: string,
  containers: readonly string[],
  reporters: readonly string[],
): Promise<Dimensions> {
  const names = containers.flatMap((container) => reporters.map((reporter) => nameOf(subject, container, reporter)));
  const promised = await readAll(db, tenant, names);
  // A source need not have seen each container, but must have said something of one.
  const isSaid = reporters.every((one) =>
    containers.some((container) => promised.has(nameOf(subject, container, one))),
  );
  if (!isSaid) return [];
  let all: Dimensions | undefined;
  for (const { always } of promised.values()) all = common(all, always);
  return all ?? [];
}

async function readAll(db: Kysely<Schema>, tenant: string, names: readonly string[]): Promise<Map<string, Promised>> {
  const found = new Map<string, Promised>();
  for (let at = 0; at < names.length; at += NAMES) {
    const rows = await db
      .selectFrom('documents')
      .select(['name', 'document'])
      .where((eb) => eb.and({ tenant, kind: KIND }))
      .where('name', 'in', names.slice(at, at + NAMES))
      .execute();
    for (const { name, document } of rows) found.set(name, parseDocument<Promised>(document));
  }
  return found;
}

/** Of long names, which somebody made up, a digest: no index holds them. */
function nameOf(...place: [subject: string, container: string, reporter: string]): string {
  const name = JSON.stringify(place);
  return name.length <= LONGEST ? name : `sha256:${createHash('sha256').update(name).digest('hex')}`;
}

const common = (some: Dimensions | undefined, others: Dimensions): Dimensions =>
  some === undefined ? others : some.filter((one) => others.includes(one));

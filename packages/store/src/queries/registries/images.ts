import { createHash } from 'node:crypto';
import type { Job, JudgedInventory, KeptImage } from '@breakwater/app/registries';
import { type Image, type KnownImage, SEVERITIES, type Unknown, type VulnerabilityMatch } from '@breakwater/model';
import type { Kysely } from 'kysely';
import type { RowOf, Schema } from '../../schema.ts';
import { parseDocument } from '../documents.ts';
import { pack, unpack } from './pack.ts';

type Database = Kysely<Schema>;

/** What judging concluded, apart from the image as it was read. */
interface Judgement {
  matches: VulnerabilityMatch[];
  /** All unknowns of the image, those of matching too. */
  unknowns: Unknown[];
  /** As it stood on the day of judging. */
  support?: Image['support'];
}

/** Writes an image that was read, ties the tags of its digest to it, and follows its findings from here. */
export async function saveImage(
  db: Database,
  tenant: string,
  job: Job,
  platform: string,
  inventory: JudgedInventory,
  now: string,
): Promise<void> {
  const { image, known } = inventory;
  const { unknowns, support, ...rest } = image;
  // What matching could not decide depends on the advisories: it is no part of what was read.
  const read = { ...rest, unknowns: unknowns.filter(({ code }) => code !== 'component-unmatched') };
  await db.transaction().execute(async (trx) => {
    const concluded = JSON.stringify(judgementOf(inventory));
    const row = {
      ...judgedColumns(inventory),
      document: pack(JSON.stringify(read)),
      judgement: pack(concluded),
      digest: digestOf(concluded),
    };
    await trx
      .insertInto('known_images')
      .values({ tenant, id: image.id, created: known.created ?? '', ...row })
      .onConflict((c) => c.columns(['tenant', 'id']).doUpdateSet(row))
      .execute();
    const digests = new Set([job.digest, ...image.manifestDigests]);
    await trx
      .insertInto('known_digests')
      .values([...digests].map((digest) => ({ tenant, digest, platform, image: image.id })))
      .onConflict((c) => c.columns(['tenant', 'digest', 'platform']).doUpdateSet({ image: image.id }))
      .execute();
    await trx
      .updateTable('watched_tags')
      .set({ image: image.id, state: 'read', trouble: '' })
      .where((eb) => eb.and({ tenant, digest: job.digest, platform, gone_at: '' }))
      .execute();
    await followFindings(trx, tenant, { ...inventory, advisories: '' }, now);
  });
}

/** Writes what judging anew concluded of images that are known. */
export async function saveJudgements(
  db: Database,
  tenant: string,
  inventories: JudgedInventory[],
  now: string,
): Promise<{ opened: number; closed: number }> {
  return await db.transaction().execute(async (trx) => {
    const sum = { opened: 0, closed: 0 };
    for (const inventory of inventories) {
      const own = { tenant, id: inventory.image.id };
      const concluded = JSON.stringify(judgementOf(inventory));
      const digest = digestOf(concluded);
      const before = await trx
        .updateTable('known_images')
        .set(judgedColumns(inventory))
        .where((eb) => eb.and(own))
        .returning('digest')
        .executeTakeFirst();
      if (!before || before.digest === digest) continue;
      await trx
        .updateTable('known_images')
        .set({ judgement: pack(concluded), digest })
        .where((eb) => eb.and(own))
        .execute();
      const { opened, closed } = await followFindings(trx, tenant, inventory, now);
      sum.opened += opened;
      sum.closed += closed;
    }
    return sum;
  });
}

function judgedColumns({ known, advisories }: JudgedInventory) {
  return {
    end_of_life: known.endOfLife ?? '',
    worst: known.worst ? SEVERITIES.indexOf(known.worst) : SEVERITIES.length,
    judged_with: advisories,
    judged_at: known.judgedAt,
    summary: JSON.stringify(known),
  };
}

function judgementOf({ image, matches }: JudgedInventory): Judgement {
  return { matches, unknowns: image.unknowns, support: image.support };
}

const digestOf = (text: string) => createHash('sha256').update(text).digest('base64');

/** Opens what is new and closes what is gone; what stays is not written again. */
async function followFindings(
  trx: Database,
  tenant: string,
  { image, findings, advisories }: JudgedInventory,
  now: string,
): Promise<{ opened: number; closed: number }> {
  const rows = await trx
    .selectFrom('image_findings')
    .select(['key', 'severity'])
    .where((eb) => eb.and({ tenant, image: image.id, closed_at: '' }))
    .execute();
  const open = new Map(rows.map(({ key, severity }) => [key, severity]));
  const found = new Map(findings.map((finding) => [finding.key, finding]));
  const changed = [...found.values()].filter(({ key, severity }) => open.get(key) !== SEVERITIES.indexOf(severity));
  const opened = changed.filter(({ key }) => !open.has(key));
  for (let at = 0; at < changed.length; at += 500) {
    const values = changed.slice(at, at + 500).map(
      ({ key, rule, severity }): RowOf<'image_findings'> => ({
        tenant,
        image: image.id,
        key,
        rule,
        severity: SEVERITIES.indexOf(severity),
        opened_at: now,
        opened_with: advisories,
        closed_at: '',
        closed_with: '',
      }),
    );
    await trx
      .insertInto('image_findings')
      .values(values)
      .onConflict((c) =>
        c.columns(['tenant', 'image', 'key']).doUpdateSet((eb) => ({
          severity: eb.ref('excluded.severity'),
          opened_at: eb
            .case()
            .when('image_findings.closed_at', '=', '')
            .then(eb.ref('image_findings.opened_at'))
            .else(eb.ref('excluded.opened_at'))
            .end(),
          opened_with: eb
            .case()
            .when('image_findings.closed_at', '=', '')
            .then(eb.ref('image_findings.opened_with'))
            .else(eb.ref('excluded.opened_with'))
            .end(),
          closed_at: eb.val(''),
          closed_with: eb.val(''),
        })),
      )
      .execute();
  }
  const gone = [...open.keys()].filter((key) => !found.has(key));
  for (let at = 0; at < gone.length; at += 500) {
    await trx
      .updateTable('image_findings')
      .set({ closed_at: now, closed_with: advisories })
      .where((eb) => eb.and({ tenant, image: image.id }))
      .where('key', 'in', gone.slice(at, at + 500))
      .execute();
  }
  return { opened: opened.length, closed: gone.length };
}

/** Images that older advisories judged, as they were read. */
export async function readStaleImages(
  db: Database,
  tenant: string,
  advisories: string,
  limit: number,
): Promise<{ image: Image; readAt: string }[]> {
  const rows = await db
    .selectFrom('known_images')
    .select(['document', 'summary'])
    .where('tenant', '=', tenant)
    .where('judged_with', '<', advisories)
    .orderBy('judged_with')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ document, summary }) => ({
    image: unpack<Image>(document),
    readAt: parseDocument<KnownImage>(summary).readAt,
  }));
}

/** One image with what was concluded of it. */
export async function readKnownImage(db: Database, tenant: string, id: string): Promise<KeptImage | undefined> {
  const row = await db
    .selectFrom('known_images')
    .select(['summary', 'document', 'judgement'])
    .where((eb) => eb.and({ tenant, id }))
    .executeTakeFirst();
  if (!row) return undefined;
  const { matches, unknowns, support } = unpack<Judgement>(row.judgement);
  const tags = await db
    .selectFrom('watched_tags')
    .select(['reference', 'digest'])
    .where((eb) => eb.and({ tenant, image: id, gone_at: '' }))
    .orderBy('reference')
    .execute();
  const image = unpack<Image>(row.document);
  const references = tags.map(({ reference }) => reference);
  const names = [...references, ...image.manifestDigests, ...tags.map(({ digest }) => digest), id];
  const users = await db
    .selectFrom('image_uses')
    .select('workload')
    .distinct()
    .where('tenant', '=', tenant)
    .where('name', 'in', [...new Set(names)].slice(0, 1000))
    .orderBy('workload')
    .execute();
  return {
    known: parseDocument<KnownImage>(row.summary),
    image: {
      ...image,
      references: references.length > 0 ? references : image.references,
      unknowns,
      ...(support ? { support } : {}),
    },
    matches,
    workloads: users.map(({ workload }) => workload),
  };
}

/** Images by any of their names. Of a name that several have, the one of a tag that stands. */
export async function readImagesNamed(db: Database, tenant: string, names: readonly string[]): Promise<Image[]> {
  const found = new Map<string, { image: Image; references: Set<string> }>();
  const take = async (id: string, references: string[]) => {
    const known = found.get(id) ?? (await load(id));
    for (const reference of references) known?.references.add(reference);
  };
  const load = async (id: string) => {
    const row = await db
      .selectFrom('known_images')
      .select('document')
      .where((eb) => eb.and({ tenant, id }))
      .executeTakeFirst();
    if (!row) return undefined;
    const entry = { image: unpack<Image>(row.document), references: new Set<string>() };
    found.set(id, entry);
    return entry;
  };
  for (let at = 0; at < names.length; at += 500) {
    const part = names.slice(at, at + 500);
    const tags = await db
      .selectFrom('watched_tags')
      .select(['image', 'reference'])
      .where((eb) => eb.and({ tenant, gone_at: '' }))
      .where('image', '!=', '')
      .where('reference', 'in', part)
      .execute();
    for (const { image, reference } of tags) await take(image, [reference]);
    const digests = await db
      .selectFrom('known_digests')
      .select(['image', 'digest'])
      .where('tenant', '=', tenant)
      .where('digest', 'in', part)
      .execute();
    for (const { image } of digests) await take(image, []);
  }
  return [...found.values()].map(({ image, references }) => ({
    ...image,
    references: [...new Set([...image.references, ...references])],
  }));
}

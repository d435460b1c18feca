import {
  type Assessment,
  type FindingChanges,
  findingScope,
  findingText,
  imageText,
  scopesOf,
  summariseImages,
  workloadText,
} from '@breakwater/app/assessment';
import { type Finding, SEVERITIES } from '@breakwater/model';
import type { Kysely, Transaction } from 'kysely';
import type { RowOf, Schema } from '../schema.ts';
import { replaceUses } from './registries/uses.ts';

/** Rows in one insert: 13 columns each stay far below SQLite's 32,766 parameters. */
const CHUNK = 1000;
/** Readings whose loss is kept for the trend. */
const KEPT_READINGS = 500;
/** Days for which a closed finding is kept. */
const KEPT_CLOSED_DAYS = 365;

/** Writes an assessment in one transaction: the newest replaces the one before, findings are opened, followed and closed. */
export async function saveAssessment(
  db: Kysely<Schema>,
  tenant: string,
  assessment: Assessment,
): Promise<FindingChanges> {
  return await db.transaction().execute(async (trx) => {
    await saveHeadline(trx, tenant, assessment);
    await replaceLists(trx, tenant, assessment);
    await replaceUses(trx, tenant, assessment);
    const changes = await followFindings(trx, tenant, assessment);
    await forget(trx, tenant, assessment.time);
    return changes;
  });
}

/** Lets go of readings beyond the newest and of findings that closed long ago, so that the store does not grow for ever. */
async function forget(trx: Transaction<Schema>, tenant: string, time: string) {
  const oldest = await trx
    .selectFrom('assessments')
    .select('time')
    .where('tenant', '=', tenant)
    .orderBy('time', 'desc')
    .offset(KEPT_READINGS)
    .limit(1)
    .executeTakeFirst();
  if (oldest)
    await trx.deleteFrom('assessments').where('tenant', '=', tenant).where('time', '<=', oldest.time).execute();
  const before = new Date(Date.parse(time) - KEPT_CLOSED_DAYS * 86_400_000).toISOString();
  await trx
    .deleteFrom('findings')
    .where('tenant', '=', tenant)
    .where('closed_at', '!=', '')
    .where('closed_at', '<', before)
    .execute();
}

async function saveHeadline(trx: Transaction<Schema>, tenant: string, assessment: Assessment) {
  const { time, paths, ranking, running, unreadImages } = assessment;
  const { workloads, fixes, unknowns, ...headline } = ranking;
  const document = JSON.stringify({ ...headline, paths, scopes: scopesOf(workloads), running, unreadImages });
  const row = { tenant, time, loss: ranking.loss, document };
  await trx
    .insertInto('assessments')
    .values(row)
    .onConflict((c) => c.columns(['tenant', 'time']).doUpdateSet({ loss: row.loss, document }))
    .execute();
}

async function replaceLists(trx: Transaction<Schema>, tenant: string, assessment: Assessment) {
  const workloads: RowOf<'workloads'>[] = assessment.workloads.map((entry) => ({
    tenant,
    id: entry.workload.id,
    cluster: entry.workload.cluster,
    namespace: entry.workload.namespace,
    rank: entry.rank,
    search: workloadText(entry),
    ranked: JSON.stringify(entry.ranked),
    document: JSON.stringify(entry),
  }));
  const summaries = summariseImages(assessment.images, assessment.findings);
  const images: RowOf<'images'>[] = assessment.images.map((entry, index) => ({
    tenant,
    id: entry.image.id,
    search: imageText(entry),
    summary: JSON.stringify(summaries[index]),
    document: JSON.stringify(entry),
  }));
  const number = <T>(items: T[]) =>
    items.map((item, position) => ({ tenant, position, document: JSON.stringify(item) }));
  await replace(trx, 'workloads', tenant, workloads);
  await replace(trx, 'images', tenant, images);
  await replace(
    trx,
    'fixes',
    tenant,
    assessment.fixes.map((entry) => ({
      tenant,
      n: entry.fix.n,
      fix: JSON.stringify(entry.fix),
      document: JSON.stringify(entry),
    })),
  );
  await replace(trx, 'unknowns', tenant, number(assessment.ranking.unknowns));
  await replace(
    trx,
    'policies',
    tenant,
    assessment.policies.map((entry) => ({ tenant, name: entry.name, document: JSON.stringify(entry) })),
  );
}

type ListTable = 'workloads' | 'images' | 'fixes' | 'unknowns' | 'policies';

async function replace<T extends ListTable>(trx: Transaction<Schema>, table: T, tenant: string, rows: RowOf<T>[]) {
  // Kysely cannot see that every table of the union has a tenant and takes its own rows.
  const lists = trx as unknown as Transaction<Record<'lists', { tenant: string }>>;
  const name = table as unknown as 'lists';
  await lists.deleteFrom(name).where('tenant', '=', tenant).execute();
  for (let at = 0; at < rows.length; at += CHUNK) {
    await lists
      .insertInto(name)
      .values(rows.slice(at, at + CHUNK) as unknown as { tenant: string }[])
      .execute();
  }
}

async function followFindings(
  trx: Transaction<Schema>,
  tenant: string,
  assessment: Assessment,
): Promise<FindingChanges> {
  const { time } = assessment;
  for (let at = 0; at < assessment.findings.length; at += CHUNK) {
    const rows = assessment.findings.slice(at, at + CHUNK).map((finding) => findingRow(tenant, time, finding));
    await trx
      .insertInto('findings')
      .values(rows)
      .onConflict((c) =>
        c.columns(['tenant', 'key']).doUpdateSet((eb) => ({
          cluster: eb.ref('excluded.cluster'),
          namespace: eb.ref('excluded.namespace'),
          workload: eb.ref('excluded.workload'),
          image: eb.ref('excluded.image'),
          rule: eb.ref('excluded.rule'),
          search: eb.ref('excluded.search'),
          quiet: eb.ref('excluded.quiet'),
          severity: eb.ref('excluded.severity'),
          // One that had closed opens again: it is a new occurrence.
          opened_at: eb
            .case()
            .when('findings.closed_at', '=', '')
            .then(eb.ref('findings.opened_at'))
            .else(eb.ref('excluded.opened_at'))
            .end(),
          seen_at: eb.ref('excluded.seen_at'),
          closed_at: eb.val(''),
          document: eb.ref('excluded.document'),
        })),
      )
      .execute();
  }
  const closing = await trx
    .updateTable('findings')
    .set({ closed_at: time })
    .where('tenant', '=', tenant)
    .where('closed_at', '=', '')
    .where('seen_at', '<', time)
    .executeTakeFirst();
  const opened = await trx
    .selectFrom('findings')
    .select((eb) => eb.fn.countAll<number | string>().as('count'))
    .where('tenant', '=', tenant)
    .where('closed_at', '=', '')
    .where('opened_at', '=', time)
    .executeTakeFirstOrThrow();
  return { opened: Number(opened.count), closed: Number(closing.numUpdatedRows), open: assessment.findings.length };
}

function findingRow(tenant: string, time: string, finding: Finding): RowOf<'findings'> {
  return {
    tenant,
    key: finding.key,
    ...findingScope(finding),
    workload: finding.workload ?? '',
    image: finding.image ?? '',
    rule: finding.rule,
    search: findingText(finding),
    quiet: finding.matters ? 0 : 1,
    severity: SEVERITIES.indexOf(finding.severity),
    opened_at: time,
    seen_at: time,
    closed_at: '',
    document: JSON.stringify(finding),
  };
}

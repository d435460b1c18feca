import type { JudgementChange } from '@breakwater/app/registries';
import { SEVERITIES, type Severity } from '@breakwater/model';
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../../schema.ts';

/** What judging by some advisories opened and closed, the worst and the most frequent first. */
export async function readChanges(
  db: Kysely<Schema>,
  tenant: string,
  advisories: string,
  limit: number,
): Promise<{ opened: JudgementChange[]; closed: JudgementChange[] }> {
  const read = async (column: 'opened_with' | 'closed_with') => {
    const rows = await db
      .selectFrom('image_findings')
      .select([
        'rule',
        sql<number | string>`min(severity)`.as('severity'),
        sql<number | string>`count(distinct image)`.as('images'),
      ])
      .where('tenant', '=', tenant)
      .where(column, '=', advisories)
      .$if(column === 'opened_with', (query) => query.where('closed_at', '=', ''))
      .groupBy('rule')
      .orderBy('severity')
      .orderBy('images', 'desc')
      .orderBy('rule')
      .limit(limit)
      .execute();
    return rows.map(({ rule, severity, images }) => ({
      rule,
      severity: SEVERITIES[Number(severity)] as Severity,
      images: Number(images),
    }));
  };
  return { opened: await read('opened_with'), closed: await read('closed_with') };
}

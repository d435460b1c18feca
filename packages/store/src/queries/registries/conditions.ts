import { type RawBuilder, sql } from 'kysely';

/** Whether no workload runs a tag `t`: neither by its name, nor by a digest or the id of its image. */
export function isUnused(): RawBuilder<boolean> {
  return sql<boolean>`(not exists (select 1 from image_uses u where u.tenant = t.tenant and u.name in (t.reference, t.digest, t.image))
    and not exists (select 1 from known_digests d join image_uses u on u.tenant = d.tenant and u.name = d.digest
      where d.tenant = t.tenant and d.image = t.image and t.image != ''))`;
}

/** Whether the distribution release of image `i` gets no more fixes. */
export function isEndOfLife(now: string): RawBuilder<boolean> {
  return sql<boolean>`(coalesce(i.end_of_life, '') != '' and i.end_of_life < ${now})`;
}

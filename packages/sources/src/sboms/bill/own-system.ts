import type { Distribution } from '@breakwater/model';
import { type BillEntry, property } from './bill.ts';

/** What only our own documents say of a distribution beside its id and version; undefined where an entry is none of ours. */
export function ownSystem(entry: Pick<BillEntry, 'properties'>): Omit<Distribution, 'id' | 'versionId'> | undefined {
  const said = (key: string): string | undefined => property(entry, `breakwater:distribution:${key}`);
  const name = said('name');
  if (name === undefined) return undefined;
  const codename = said('codename');
  const pointRelease = said('point-release');
  const like = said('like');
  const ecosystem = said('ecosystem');
  return {
    name,
    ...(codename && { codename }),
    ...(pointRelease && { pointRelease }),
    ...(like && { like: like.split(' ') }),
    ...(ecosystem && { ecosystem }),
  };
}

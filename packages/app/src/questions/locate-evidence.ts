import type { QuestionSheet } from '@breakwater/model';
import { locatePlaces } from '@breakwater/sources/manifests';

/** The same sheet with line and column of every field that its evidence is about, where the files are at hand. */
export async function locateEvidence(sheet: QuestionSheet): Promise<QuestionSheet> {
  const located = await locatePlaces(sheet.items.flatMap(({ evidence }) => evidence.flatMap(({ places }) => places)));
  let next = 0;
  const take = (count: number) => {
    next += count;
    return located.slice(next - count, next);
  };
  return {
    ...sheet,
    items: sheet.items.map((item) => ({
      ...item,
      evidence: item.evidence.map((piece) => ({ ...piece, places: take(piece.places.length) })),
    })),
  };
}

/** Items with a key each for a list: their own, and for repeated ones with the count of the repetition. */
export function withKeys<Item>(items: readonly Item[], keyOf: (item: Item) => string): { key: string; item: Item }[] {
  const seen = new Map<string, number>();
  return items.map((item) => {
    const own = keyOf(item);
    const before = seen.get(own) ?? 0;
    seen.set(own, before + 1);
    return { key: before === 0 ? own : `${own} ${before}`, item };
  });
}

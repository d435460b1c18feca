/** The document of one row. */
export async function readDocument<T>(query: {
  executeTakeFirst(): Promise<{ document: string } | undefined>;
}): Promise<T | undefined> {
  const row = await query.executeTakeFirst();
  return row && parseDocument<T>(row.document);
}

/** The documents of all rows, in the query's order. */
export async function readDocuments<T>(query: { execute(): Promise<{ document: string }[]> }): Promise<T[]> {
  return (await query.execute()).map((row) => parseDocument<T>(row.document));
}

/** JSON that this store wrote. */
export function parseDocument<T>(document: string): T {
  return JSON.parse(document) as T;
}

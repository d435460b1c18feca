import type { JournalEntry, ResponseJournal } from '../respond/index.ts';

/**
 * Does something with a response, and has `tell` write what came of it into the story of its incident: that it failed too,
 * where the journal says so. What failed is thrown, whether it could be told or not.
 */
export async function actAndTell<T>(
  journal: ResponseJournal,
  act: () => Promise<JournalEntry>,
  tell: (entry: JournalEntry) => Promise<T>,
): Promise<{ entry: JournalEntry; told: T }> {
  const before = journal.entries().length;
  const entry = await act().catch(async (error: unknown) => {
    const failed = journal.entries().slice(before).at(-1);
    if (failed?.step.endsWith('failed')) await tell(failed).catch(() => undefined);
    throw error;
  });
  return { entry, told: await tell(entry) };
}

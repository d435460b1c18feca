export { openClusterApi } from './cluster-api.ts';
export { openJournal, type ResponseJournal } from './journal.ts';
export type { JournalEntry, ResponseRequest } from './journal-entry.ts';
export { type Planned, planResponse } from './plan-response.ts';
export { approveResponse, type RespondContext, requestResponse, STANDS, undoResponse } from './respond.ts';
export { RespondSettings, readRespondSettings } from './settings.ts';

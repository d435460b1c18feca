import { ReportRead } from '@breakwater/model';

/** The shape of what comes back from behind the wall; a module of its own, so that it is made while the child works. */
export const reportReading = ReportRead;

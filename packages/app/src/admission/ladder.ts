import type { PolicyResult } from '@breakwater/model';
import { judgeRequest } from './judge-request.ts';
import type { Judging } from './judging.ts';
import { refusedBefore } from './what-was.ts';

/** What policies say of a request, by what follows from it. */
export interface Rungs {
  /** Refuses. */
  block: PolicyResult[];
  /** Said to whoever asks. */
  warn: PolicyResult[];
  /** Left in the audit trail. */
  audit: PolicyResult[];
  /** Would be said or refused, were there no exception. */
  excepted: PolicyResult[];
}

/** Judges a request and puts each result on its rung: audit, warn or block. */
export function climb(judging: Judging): Rungs {
  const { settings } = judging;
  const rungs: Rungs = { block: [], warn: [], audit: [], excepted: [] };
  for (const result of judgeRequest(judging)) {
    const { exception, verdict, enforcement, tooLarge = false } = result;
    // Whoever asks chose the size: nobody gets past a policy by what it cannot go through.
    const isUndecided = verdict === 'unknown' && !tooLarge;
    if (exception !== undefined) rungs.excepted.push(result);
    else if (enforcement === 'audit') rungs.audit.push(result);
    else if (isUndecided && enforcement === 'warn') rungs.audit.push(result);
    else if (isUndecided) rungs[settings.undecided].push(result);
    else rungs[enforcement].push(result);
  }
  return rungs.block.length > 0 && judging.request.operation === 'UPDATE' ? sparingWhatWas(rungs, judging) : rungs;
}

/** What an update leaves as it was is warned of, not refused. */
function sparingWhatWas(rungs: Rungs, judging: Judging): Rungs {
  const was = refusedBefore(rungs.block, judging);
  if (was.size === 0) return rungs;
  return {
    ...rungs,
    block: rungs.block.filter((result) => !was.has(result)),
    warn: [...rungs.warn, ...was],
  };
}

import type { Assessment } from '@breakwater/app/assessment';
import { assessPaths } from '@breakwater/app/estate';
import type { Invocation } from './command.ts';
import { openProgressLine } from './terminal/progress.ts';

/** Reads and judges paths, with a line of progress on stderr. */
export async function assessWithProgress(invocation: Invocation, paths: string[]): Promise<Assessment> {
  const line = openProgressLine(invocation.options['quiet'] === true);
  try {
    return await assessPaths(paths, {
      state: invocation.state,
      now: new Date().toISOString(),
      signal: invocation.signal,
      onProgress: ({ stage, done, total, subject }) =>
        line.show(`${stage} ${total > 0 ? `${done}/${total} ` : ''}${subject}`),
    });
  } finally {
    line.clear();
  }
}

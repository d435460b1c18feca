import type { Assessment } from '@breakwater/app/assessment';
import { clusterReading } from './cluster-options.ts';
import type { Invocation, Option } from './command.ts';
import { openProgressLine } from './terminal/progress.ts';

/** The option of every command that judges an estate. */
export const POLICIES_OPTION: Option = {
  type: 'string',
  multiple: true,
  value: 'PATH',
  help: 'Policies and exceptions to put in force too',
};

/** The option of every command that matches vulnerabilities. */
export const VEX_OPTION: Option = {
  type: 'string',
  multiple: true,
  value: 'PATH',
  help: 'VEX documents in force: OpenVEX, CSAF or CycloneDX',
};

/** VEX documents that an invocation names. */
export function namedVex({ options }: Invocation): string[] {
  return (options['vex'] as string[] | undefined) ?? [];
}

/** Policies and exceptions that an invocation names. */
export function namedPolicies({ options }: Invocation): string[] {
  return (options['policies'] as string[] | undefined) ?? [];
}

/** Reads and judges paths, with a line of progress on stderr. */
export async function assessWithProgress(
  invocation: Invocation,
  paths: string[],
  policies = namedPolicies(invocation),
  vex = namedVex(invocation),
  clusters = clusterReading(invocation),
): Promise<Assessment> {
  const { assessPaths } = await import('@breakwater/app/estate');
  const line = openProgressLine(invocation.options['quiet'] === true);
  try {
    return await assessPaths(paths, {
      state: invocation.state,
      now: new Date().toISOString(),
      policies,
      vex,
      clusters,
      signal: invocation.signal,
      onProgress: ({ stage, done, total, subject }) =>
        line.show(`${stage} ${total > 0 ? `${done}/${total} ` : ''}${subject}`),
    });
  } finally {
    line.clear();
  }
}

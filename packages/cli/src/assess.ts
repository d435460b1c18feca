import type { Assessment } from '@breakwater/app/assessment';
import type { AssessPathsOptions, Judging } from '@breakwater/app/estate';
import { clusterReading } from './cluster-options.ts';
import type { Invocation, Option } from './command.ts';
import { openProgressLine } from './terminal/progress.ts';

const REPORT_HELP = 'Reports of other tools to show beside: Trivy, SARIF, ...';

/** Files and folders of policies and exceptions. */
export const POLICIES_OPTION: Option = {
  type: 'string',
  multiple: true,
  value: 'PATH',
  help: 'Policies and exceptions to put in force too',
};

/** Options of every command that judges: what it judges by, beside what is judged. */
export const JUDGING_OPTIONS = {
  policies: POLICIES_OPTION,
  packs: { type: 'string', multiple: true, value: 'PACK', help: 'Put a pack in force too: pod-security-restricted' },
  'kubernetes-version': { type: 'string', value: '1.N', help: 'Judge by the policies for it (default: latest)' },
  vex: { type: 'string', multiple: true, value: 'PATH', help: 'VEX documents in force: OpenVEX, CSAF or CycloneDX' },
  report: { type: 'string', multiple: true, value: 'PATH', help: REPORT_HELP },
  values: {
    type: 'string',
    multiple: true,
    value: 'FILE',
    help: 'Values to render Helm charts with, beside their own',
  },
} satisfies Record<string, Option>;

/** What an invocation names to judge by. */
export function namedJudging(invocation: Invocation): Judging {
  const { options } = invocation;
  return {
    policies: namedPolicies(invocation),
    packs: (options['packs'] as string[] | undefined) ?? [],
    kubernetesVersion: options['kubernetes-version'] as string | undefined,
    vex: (options['vex'] as string[] | undefined) ?? [],
    reports: (options['report'] as string[] | undefined) ?? [],
    values: options['values'] as string[] | undefined,
  };
}

/** Policies and exceptions that an invocation names. */
export function namedPolicies({ options }: Invocation): string[] {
  return (options['policies'] as string[] | undefined) ?? [];
}

/** Reads and judges paths, with a line of progress on stderr. */
export async function assessWithProgress(
  invocation: Invocation,
  paths: string[],
  judging = namedJudging(invocation),
  clusters = clusterReading(invocation),
  onGathered?: AssessPathsOptions['onGathered'],
): Promise<Assessment> {
  const { assessPaths } = await import('@breakwater/app/estate');
  const line = openProgressLine(invocation.options['quiet'] === true);
  try {
    return await assessPaths(paths, {
      state: invocation.state,
      now: new Date().toISOString(),
      ...judging,
      clusters,
      signal: invocation.signal,
      onGathered,
      onProgress: ({ stage, done, total, subject }) =>
        line.show(`${stage} ${total > 0 ? `${done}/${total} ` : ''}${subject}`),
    });
  } finally {
    line.clear();
  }
}

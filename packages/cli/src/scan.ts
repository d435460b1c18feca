import { type Scan, type ScanOptions, scanTargets } from '@breakwater/app/scan';
import { UserError, type Verdict } from '@breakwater/model';
import { JUDGING_OPTIONS, namedJudging } from './assess.ts';
import { CLUSTER_OPTIONS, clusterReading, withClusters } from './cluster-options.ts';
import { EXIT, type Invocation, type Option } from './command.ts';
import { REGISTRY_OPTIONS, registryReading } from './registry-reading.ts';
import { openProgressLine } from './terminal/progress.ts';

/** Options of every command that scans. */
export const SCAN_OPTIONS = {
  ...REGISTRY_OPTIONS,
  ...CLUSTER_OPTIONS,
  ...JUDGING_OPTIONS,
} satisfies Record<string, Option>;

/** What the build gate's verdict means to the shell. */
export const VERDICT_CODES: Record<Verdict, number> = { pass: EXIT.passed, fail: EXIT.refused, unknown: EXIT.unknown };

/** Judges the targets of an invocation, with a line of progress. */
export async function scanWithProgress(invocation: Invocation, targets: string[]): Promise<Scan> {
  const named = withClusters(invocation, targets);
  return await withProgress(invocation, named, (options) => scanTargets(named, options));
}

/** Runs something that reads targets, with a line of progress. Throws UserError where no target is named. */
export async function withProgress<T>(
  invocation: Invocation,
  targets: string[],
  run: (options: ScanOptions) => Promise<T>,
): Promise<T> {
  if (targets.length === 0) {
    throw new UserError('Which target? Name an image archive, a folder, a manifest or an SBOM.', {
      code: 'target-missing',
      hint: `breakwater ${invocation.name} image.tar, or the name of an image: registry.example/cart:1, docker:cart:1; cluster:CONTEXT`,
    });
  }
  const line = openProgressLine(invocation.options['quiet'] === true);
  return await run({
    state: invocation.state,
    now: new Date().toISOString(),
    platform: invocation.options['platform'] as string | undefined,
    ...namedJudging(invocation),
    registry: registryReading(invocation),
    clusters: clusterReading(invocation),
    signal: invocation.signal,
    onProgress: ({ stage, done, total, subject }) =>
      line.show(`${stage} ${total > 1 ? `${done}/${total} ` : ''}${subject}`),
  }).finally(() => line.clear());
}

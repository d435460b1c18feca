import { type Finding, type PhaseMarks, type RankedWorkload, worstSeverity } from '@breakwater/model';

/**
 * The worst that each phase knows of a workload; a phase that saw nothing of it is unknown, not clean. What other tools
 * report is not judged by us and marks nothing.
 */
export function phaseMarks(workload: RankedWorkload, all: Finding[], observed: boolean): PhaseMarks {
  const findings = all.filter(({ kind }) => kind !== 'report');
  const everyImageRead = workload.images.every(({ image }) => image !== undefined);
  return {
    build:
      worst(findings.filter((finding) => finding.phase === 'build' && finding.matters)) ??
      (everyImageRead ? 'clean' : 'unknown'),
    deploy:
      worst(
        findings.filter((finding) => finding.phase === 'deploy' && finding.verdict === 'fail' && !finding.exception),
      ) ?? 'clean',
    run: worst(findings.filter((finding) => finding.phase === 'run')) ?? (observed ? 'clean' : 'unknown'),
  };
}

function worst(findings: Finding[]): Finding['severity'] | undefined {
  return worstSeverity(findings.map(({ severity }) => severity));
}

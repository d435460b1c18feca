import type { Place } from '@breakwater/model';

/** Upper bounds of the time that answers took, in seconds. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Counts of one listener since its start. */
export interface AdmissionMetrics {
  /** Takes an answer: what became of the request, what it did, and in how many seconds. */
  answered(outcome: string, operation: string, seconds: number): void;
  /** Takes a request that was not judged. */
  unjudged(why: string): void;
  /** In the text format of Prometheus, with gauges of the moment, and one for each place of a fault in policies. */
  write(gauges: Readonly<Record<string, number>>, faults: readonly Place[]): string;
}

/** Counts from zero. Labels are ours alone: no text of a request becomes one. */
export function openMetrics(): AdmissionMetrics {
  const requests = new Map<string, number>();
  const unjudged = new Map<string, number>();
  const durations = new Array<number>(BUCKETS.length + 1).fill(0);
  let seconds = 0;
  const count = (counts: Map<string, number>, labels: string) => counts.set(labels, (counts.get(labels) ?? 0) + 1);
  return {
    answered(outcome, operation, taken) {
      count(requests, `outcome="${outcome}",operation="${operation}"`);
      const bucket = BUCKETS.findIndex((bound) => taken <= bound);
      const index = bucket === -1 ? BUCKETS.length : bucket;
      durations[index] = (durations[index] ?? 0) + 1;
      seconds += taken;
    },
    unjudged: (why) => void count(unjudged, `why="${why}"`),
    write(gauges, faults) {
      const lines = [
        '# TYPE breakwater_admission_requests_total counter',
        ...[...requests].map(([labels, value]) => `breakwater_admission_requests_total{${labels}} ${value}`),
        '# TYPE breakwater_admission_unjudged_total counter',
        ...[...unjudged].map(([labels, value]) => `breakwater_admission_unjudged_total{${labels}} ${value}`),
        '# TYPE breakwater_admission_duration_seconds histogram',
        ...histogram(durations, seconds),
      ];
      for (const [name, value] of Object.entries(gauges)) {
        lines.push(`# TYPE breakwater_admission_${name} gauge`, `breakwater_admission_${name} ${value}`);
      }
      if (faults.length > 0) lines.push('# TYPE breakwater_admission_policy_fault gauge', ...faultLines(faults));
      return `${lines.join('\n')}\n`;
    },
  };
}

function faultLines(faults: readonly Place[]): string[] {
  const lines = faults.map(({ source, line = 0 }) => {
    const file = source.replace(/["\\\n]/g, '_');
    return `breakwater_admission_policy_fault{file="${file}",line="${line}"} 1`;
  });
  return [...new Set(lines)];
}

function histogram(durations: readonly number[], seconds: number): string[] {
  let total = 0;
  const buckets = durations.map((own, index) => {
    total += own;
    return `breakwater_admission_duration_seconds_bucket{le="${BUCKETS[index] ?? '+Inf'}"} ${total}`;
  });
  return [
    ...buckets,
    `breakwater_admission_duration_seconds_sum ${seconds}`,
    `breakwater_admission_duration_seconds_count ${total}`,
  ];
}

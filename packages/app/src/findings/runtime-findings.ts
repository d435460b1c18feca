import type { RuntimeAlert } from '@breakwater/engine/evidence';
import { type Finding, findingKey } from '@breakwater/model';

/** Alerts of runtime sources as findings, on the workload that they could be tied to. */
export function runtimeFindings(alerts: RuntimeAlert[]): Finding[] {
  return alerts.map((alert): Finding => {
    const pod = alert.pod ? `${alert.pod.namespace}/${alert.pod.name}` : (alert.node ?? 'an unknown host');
    const subject = alert.workload ?? `pod ${pod}`;
    return {
      key: findingKey({ subject, rule: `${alert.source}: ${alert.rule}`, detail: '' }),
      kind: 'runtime',
      phase: 'run',
      rule: alert.rule,
      title: alert.rule,
      severity: alert.severity,
      subject,
      ...(alert.workload ? { workload: alert.workload } : {}),
      message: alert.message,
      why: `${alert.source} saw it ${alert.count === 1 ? 'once' : `${alert.count} times`} and calls it ${alert.priority}`,
      fix: 'Look at the process and its parents; contain the workload if it is not yours.',
      confidence: `As ${alert.source} reports it`,
      notChecked: alert.untied ?? '',
      verdict: 'fail',
      enforcement: 'audit',
      matters: alert.severity === 'critical' || alert.severity === 'high',
      places: [],
      time: alert.time,
    };
  });
}

import { type Finding, findingKey, type ReportedFinding, type Workload, workloadId } from '@breakwater/model';
import type { JoinedReport } from './join-reports.ts';

/**
 * What other tools report and we did not find, as findings for the record: no gate and no rank hangs on them. What their
 * tool calls settled is left out, and each key is there once.
 */
export function reportFindings(reports: readonly JoinedReport[], workloads: readonly Workload[] = []): Finding[] {
  const tied = new Map(
    workloads.map((workload) => [objectKey(workload.namespace, workload.kind, workload.name), workload.id]),
  );
  const findings = reports.flatMap((joined) =>
    joined.own
      .filter(({ finding }) => finding.status === 'open')
      .map(({ finding, image }) => toFinding(finding, joined, workloadOf(finding, tied), image)),
  );
  return [...new Map(findings.map((finding) => [finding.key, finding])).values()];
}

function toFinding(
  reported: ReportedFinding,
  { report }: JoinedReport,
  workload: string | undefined,
  image: string | undefined,
): Finding {
  const { id, title, component, file, line, place, fixedVersions, remediation } = reported;
  const tool = [report.tool, report.toolVersion].filter(Boolean).join(' ');
  const subject = workload ?? image ?? subjectOf(reported) ?? report.source;
  const [fixed] = fixedVersions;
  return {
    key: findingKey({ subject, rule: `${report.tool}: ${id}`, detail: detailOf(reported) }),
    kind: 'report',
    phase: reported.object ? 'deploy' : 'build',
    rule: id,
    title: title === id ? `${id}, reported by ${report.tool}` : `${id}: ${title}`,
    severity: reported.severity,
    subject,
    ...(workload && { workload }),
    ...(image && { image }),
    ...(component && { component: component.name }),
    ...(component?.version && { version: component.version }),
    ...(fixed && { fixedVersion: fixed }),
    message: `${report.tool} reports ${id}${whereOf(reported)}: ${title}`,
    why: `Reported by ${tool}; not judged by us`,
    fix: fixed && component ? `Upgrade ${component.name} to ${fixed}.` : (remediation ?? 'See what the report says.'),
    confidence: `As ${tool} reports it in ${report.source}`,
    notChecked: '',
    verdict: 'fail',
    enforcement: 'audit',
    matters: false,
    places: [...(file ? [{ source: file, ...(line && { line }) }] : []), place],
    ...(reported.lastSeen && { time: reported.lastSeen }),
  };
}

function whereOf({ component, file, line, url, object }: ReportedFinding): string {
  if (component) return ` in ${[component.name, component.version].filter(Boolean).join(' ')}`;
  if (file) return ` in ${file}${line ? `:${line}` : ''}`;
  if (object) return ` of ${object.kind} ${[object.namespace, object.name].filter(Boolean).join('/')}`;
  return url ? ` at ${url}` : '';
}

/** What it is about, where neither workload nor image was read. */
function subjectOf({ object, image, host, url }: ReportedFinding): string | undefined {
  if (object)
    return workloadId({
      cluster: object.cluster ?? '',
      namespace: object.namespace ?? '',
      kind: object.kind,
      name: object.name,
    });
  return image?.reference ?? image?.digest ?? host ?? url;
}

function detailOf({ component, object, file, line, url }: ReportedFinding): string {
  const parts = [
    component?.name,
    component?.path,
    object?.container,
    file,
    line === undefined ? undefined : String(line),
    url,
  ];
  return parts.filter((part) => part !== undefined).join(' ');
}

/** The workload of the estate that an object is: what a ReplicaSet or Job does counts to what owns it, by its name. */
function workloadOf({ object }: ReportedFinding, tied: ReadonlyMap<string, string>): string | undefined {
  if (object === undefined) return undefined;
  const { namespace = '', kind, name } = object;
  const owner = name.replace(/-[a-z0-9]{5,10}$/, '');
  const named: [kind: string, name: string][] = [[kind, name]];
  if (kind === 'ReplicaSet') named.push(['Deployment', owner]);
  if (kind === 'Job') named.push(['CronJob', owner]);
  for (const [wanted, called] of named) {
    const id =
      tied.get(objectKey(namespace, wanted, called)) ??
      (namespace === '' ? tied.get(objectKey('default', wanted, called)) : undefined);
    if (id !== undefined) return id;
  }
  return undefined;
}

const objectKey = (namespace: string, kind: string, name: string) => `${namespace}/${kind}/${name}`;

import type { WorkloadImage } from '@breakwater/engine/risk';
import type { ComponentEvidence, Finding, TimelineEntry } from '@breakwater/model';

/** Entries that a page shows. */
const SHOWN = 50;

/** What is known to have happened to a workload, latest first: images built, code that ran, alerts. */
export function timelineOf(
  findings: Finding[],
  images: readonly WorkloadImage[],
  evidence: ReadonlyMap<string, ReadonlyMap<string, ComponentEvidence>>,
): TimelineEntry[] {
  const built = images.flatMap(({ image, reference }): TimelineEntry[] =>
    image?.config?.created
      ? [{ time: image.config.created, kind: 'built', sentence: `Image ${reference} was built` }]
      : [],
  );
  const alerts = findings.flatMap((finding): TimelineEntry[] =>
    finding.kind === 'runtime' && finding.time
      ? [{ time: finding.time, kind: 'alert', severity: finding.severity, sentence: finding.message }]
      : [],
  );
  const ran = images.flatMap(({ image }) => (image ? lastSeen(image.components, evidence.get(image.id)) : []));
  return [...built, ...alerts, ...ran].sort((a, b) => (a.time < b.time ? 1 : -1)).slice(0, SHOWN);
}

function lastSeen(
  components: { id: string; name: string; version: string }[],
  evidence: ReadonlyMap<string, ComponentEvidence> | undefined,
): TimelineEntry[] {
  return components.flatMap(({ id, name, version }): TimelineEntry[] => {
    const known = evidence?.get(id);
    if (!known?.lastSeen) return [];
    return [
      {
        time: known.lastSeen,
        kind: 'running',
        sentence: `${name} ${version} was last ${known.state} (${known.path ?? known.reason})`,
      },
    ];
  });
}

import type { Place, Unknown } from '@breakwater/model';
import type { PlatformDocument, Translated } from '../platform-document.ts';
import { WrittenReader } from '../read-written.ts';
import { WorkloadDraft } from '../workload-draft.ts';
import { fieldOf, plainOf, type Written, writtenOf } from '../written.ts';
import { appsOf, type MarathonRun } from './apps-of.ts';
import { translateApp } from './translate-app.ts';
import { translatePod } from './translate-pod.ts';

/** Apps and pods of Marathon as workloads: their group is the namespace. */
export function translateMarathon(documents: readonly PlatformDocument[]): Translated {
  const result: Translated = { objects: [], unknowns: [] };
  for (const { source, document, line, value } of documents) {
    const place: Place = { source, document, line };
    const tooDeep = (left: Written) => result.unknowns.push(nestedTooDeep(left));
    for (const run of appsOf(writtenOf(value, place), tooDeep)) addRun(result, run);
  }
  return result;
}

function addRun(result: Translated, { id, kind, written }: MarathonRun): void {
  const parts = id.split('/').filter((part) => part !== '');
  const name = parts.pop() ?? 'app';
  const draft = new WorkloadDraft({
    platform: 'marathon',
    apiVersion: 'marathon/v2',
    kind: kind === 'app' ? 'MarathonApp' : 'MarathonPod',
    cluster: 'marathon',
    namespace: parts.length === 0 ? 'default' : parts.join('.'),
    name,
    place: written.place,
  });
  const reader = new WrittenReader(`${kind} ${id}`);
  if (kind === 'app') translateApp(draft, name, written, reader);
  else translatePod(draft, written, reader);
  const replicas = reader.integer(fieldOf(written, 'instances') ?? fieldOf(written, 'scaling', 'instances'));
  const object = draft.finish({
    labels: labelsOf(written, reader),
    ...(replicas !== undefined && { replicas }),
    networks: [{ name: '/agents', internal: false }],
    source: plainOf(written),
  });
  result.objects.push(object);
  result.unknowns.push(...draft.unknowns, ...reader.unknowns);
}

function nestedTooDeep({ place }: Written): Unknown {
  return { code: 'document-too-large', message: 'Groups are nested too deep: what is below was not read', place };
}

function labelsOf(written: Written, reader: WrittenReader): Record<string, string> {
  const fields = reader.fields(fieldOf(written, 'labels'));
  return Object.fromEntries(fields.map(([key, value]) => [key, reader.text(value) ?? '']));
}

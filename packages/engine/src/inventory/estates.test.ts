import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { workloadsOf } from './workloads-of.ts';

const ESTATES = '../shared/estates';

/** Objects of an estate, each under a name of its own, so that none of them stand for one another. */
function objectsOf(estate: string, templates: string[]): ManifestObject[] {
  const paths = globSync('**/*.{yaml,yml,json}', { cwd: join(ESTATES, estate) }).filter(
    (path) => !templates.includes(path),
  );
  return paths.flatMap((source) => {
    const documents = parseAllDocuments(readFileSync(join(ESTATES, estate, source), 'utf8'), {
      uniqueKeys: false,
      logLevel: 'silent',
    });
    if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return [];
    return documents.flatMap((document, index) => {
      const object = document.toJS() as JsonObject | null;
      if (typeof object?.['kind'] !== 'string' || typeof object['apiVersion'] !== 'string') return [];
      const { apiVersion, kind } = object;
      return [{ apiVersion, kind, namespace: '', name: `${source}#${index}`, cluster: '', object, place: { source } }];
    });
  });
}

describe.skipIf(!existsSync(ESTATES))('workloads of real estates (skipped without ../shared/estates)', () => {
  it.each(['microservices-demo', 'argo-cd', 'kubernetes-goat', 'kubernetes-examples', 'kube-prometheus'])(
    '%s: every fact as often as counted',
    (estate) => {
      const { kubernetes } = JSON.parse(readFileSync(join(ESTATES, 'stats.json'), 'utf8')).estates[estate];
      const { workloads, unknowns } = workloadsOf(objectsOf(estate, kubernetes.not_parsed));
      const containers = workloads.flatMap((workload) => workload.containers);
      const count = <Item>(items: Item[], test: (item: Item) => boolean): number => items.filter(test).length;
      expect(unknowns).toEqual([]);
      expect({
        workloads: workloads.length,
        containers: count(containers, ({ role }) => role === 'main'),
        init_containers: count(containers, ({ role }) => role === 'init'),
        distinct_images: new Set(containers.map(({ image }) => image).filter((image) => image !== '')).size,
      }).toEqual({
        workloads: kubernetes.workloads,
        containers: kubernetes.containers,
        init_containers: kubernetes.init_containers,
        distinct_images: kubernetes.distinct_images,
      });
      expect(kubernetes.facts).toMatchObject({
        hostNetwork: count(workloads, ({ hostNetwork }) => hostNetwork),
        hostPID: count(workloads, ({ hostPID }) => hostPID),
        hostIPC: count(workloads, ({ hostIPC }) => hostIPC),
        workloads_with_hostPath: count(workloads, ({ volumes }) => volumes.some(({ kind }) => kind === 'hostPath')),
        workloads_without_automount_off: count(workloads, ({ automountToken }) => automountToken !== false),
        privileged_containers: count(containers, ({ security }) => security.privileged),
        containers_run_as_non_root: count(containers, ({ security }) => security.runAsNonRoot === true),
        containers_read_only_root: count(containers, ({ security }) => security.readOnlyRootFilesystem === true),
        containers_no_privilege_escalation: count(
          containers,
          ({ security }) => security.allowPrivilegeEscalation === false,
        ),
        containers_drop_all: count(containers, ({ security }) => security.capabilitiesDropped.includes('ALL')),
        containers_with_added_capabilities: count(containers, ({ security }) => security.capabilitiesAdded.length > 0),
        containers_without_limits: count(containers, ({ limits }) => Object.keys(limits).length === 0),
      });
    },
  );
});

import type { ManifestObject } from '@breakwater/model';
import { podSpecPath } from '../inventory/index.ts';

/** Groups of which every kind is known, and none but workloads make pods. */
const KNOWN_GROUPS =
  /^(v1|(apps|batch|autoscaling|policy|extensions|events\.k8s\.io|.+\.k8s\.io|autoscaling\.k8s\.io|cert-manager\.io|acme\.cert-manager\.io|cilium\.io|crd\.projectcalico\.org|projectcalico\.org|networking\.istio\.io|security\.istio\.io|telemetry\.istio\.io|external-secrets\.io|kyverno\.io|traefik\.(io|containo\.us)|keda\.sh|route\.openshift\.io|security\.openshift\.io|argoproj\.io)\/.+)$/;
/** Kinds of other groups that make none. */
const KNOWN_KINDS = /^(ServiceMonitor|PodMonitor|Probe|ScrapeConfig|PrometheusRule|AlertmanagerConfig|AppProject)$/;
/** Kinds of the known groups that make some. */
const MAKERS = /^(Gateway|Workflow|CronWorkflow|AnalysisRun|VirtualMachine)$/;

/** Whether something outside the manifests may make pods of an object, of which they say nothing. */
export function mayMakePods(object: ManifestObject): boolean {
  const { apiVersion, kind } = object;
  if (podSpecPath(object) !== undefined || KNOWN_KINDS.test(kind)) return false;
  if (/^(Virtual|Destination)/.test(kind) && apiVersion.startsWith('networking.istio.io/')) return false;
  if (kind === 'Gateway' && apiVersion.startsWith('networking.istio.io/')) return false;
  return MAKERS.test(kind) || !KNOWN_GROUPS.test(apiVersion);
}

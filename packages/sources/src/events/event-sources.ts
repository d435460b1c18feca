import type { EventSource } from './event-source.ts';
import { falco } from './falco/index.ts';
import { kubearmor } from './kubearmor/index.ts';
import { kubernetesAudit } from './kubernetes-audit/index.ts';
import { sensor } from './sensor/index.ts';
import { tetragon } from './tetragon/index.ts';
import { tracee } from './tracee/index.ts';

/** Every source that is understood, asked in this order. */
export const EVENT_SOURCES: readonly EventSource[] = [sensor, tetragon, falco, tracee, kubearmor, kubernetesAudit];

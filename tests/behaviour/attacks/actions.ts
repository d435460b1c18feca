import type { Action } from './action.ts';
import { FILE_ACTIONS } from './file-actions.ts';
import { NETWORK_ACTIONS } from './network-actions.ts';
import { PROGRAM_ACTIONS } from './program-actions.ts';

/** What containers here can do, and events can show. */
export const ACTIONS: readonly Action[] = [...FILE_ACTIONS, ...PROGRAM_ACTIONS, ...NETWORK_ACTIONS];

const API = 'done to an API server and not by a container: its audit log tells of it';
const ENVIRONMENT = 'only the environment of a program differs, which no event tells';

/** What cannot be shown here, with the reason. */
export const UNSHOWN: Readonly<Record<string, string>> = {
  'syscall.JavaProcessClassFileDownload': 'only what a connection carries differs, which no event tells',
  'syscall.LaunchSuspiciousNetworkToolOnHost': 'done on a host and not in a container',
  'syscall.PotentialLocalPrivilegeEscalationViaEnvironmentVariablesMisuse': ENVIRONMENT,
  'syscall.ProgramRunWithDisallowedHttpProxyEnv': ENVIRONMENT,
  'k8saudit.ClusterRoleWithPodExecCreated': API,
  'k8saudit.ClusterRoleWithWildcardCreated': API,
  'k8saudit.ClusterRoleWithWritePrivilegesCreated': API,
  'k8saudit.CreateDisallowedPod': API,
  'k8saudit.CreateHostNetworkPod': API,
  'k8saudit.CreateModifyConfigmapWithPrivateCredentials': API,
  'k8saudit.CreateNodePortService': API,
  'k8saudit.CreatePrivilegedPod': API,
  'k8saudit.CreateSensitiveMountPod': API,
  'k8saudit.K8sConfigMapCreated': API,
  'k8saudit.K8sDeploymentCreated': API,
  'k8saudit.K8sServiceCreated': API,
  'k8saudit.K8sServiceaccountCreated': API,
};

/** What is no permission of RBAC, and which part of the attack graph has it instead. */
type Elsewhere = 'tokens' | 'grants' | 'escapes' | 'doors' | 'hosts' | 'secrets and volumes' | 'cloud identities';

/** One line of another tool's catalogue, and what stands for it here. */
export interface Line {
  theirs: string;
  /** Names in our table of attacks. */
  ours: readonly string[];
  /** The part of the graph that has it, where no permission makes it. */
  elsewhere?: Elsewhere;
  /** What is told in another way, and why. */
  because?: string;
}

const line = (theirs: string, ours: string, elsewhere?: Elsewhere, because?: string): Line => ({
  theirs,
  ours: ours === '' ? [] : ours.split(' '),
  ...(elsewhere === undefined ? {} : { elsewhere }),
  ...(because === undefined ? {} : { because }),
});

const makesPods = 'create-pod create-replication-controller create-workload create-job change-cron-job';

/** The attacks of KubeHound, by their ids in its reference. */
export const kubeHound: readonly Line[] = [
  line('CE_MODULE_LOAD', '', 'escapes'),
  line('CE_NSENTER', '', 'escapes'),
  line('CE_PRIV_MOUNT', '', 'escapes'),
  line('CE_SYS_PTRACE', '', 'escapes'),
  line('CE_UMH_CORE_PATTERN', '', 'escapes'),
  line('CE_VAR_LOG_SYMLINK', '', 'escapes'),
  line('CONTAINER_ATTACH', '', 'hosts', 'a workload is one node: its containers fall with it'),
  line('ENDPOINT_EXPLOIT', '', 'doors'),
  line('EXPLOIT_CONTAINERD_SOCK', '', 'escapes'),
  line('EXPLOIT_HOST_READ', '', 'escapes'),
  line('EXPLOIT_HOST_TRAVERSE', '', 'escapes'),
  line('EXPLOIT_HOST_WRITE', '', 'escapes'),
  line('IDENTITY_ASSUME', '', 'tokens'),
  line('IDENTITY_IMPERSONATE', 'impersonate-user impersonate-group impersonate-service-account'),
  line('PERMISSION_DISCOVER', '', 'grants'),
  line('POD_ATTACH', '', 'hosts', 'who holds a node holds its pods'),
  line('POD_CREATE', makesPods),
  line('POD_EXEC', 'exec'),
  line('POD_PATCH', 'patch-pod'),
  line('ROLE_BIND', 'bind-cluster-role bind-role'),
  line('SHARE_PS_NAMESPACE', '', 'hosts', 'a workload is one node: its containers fall with it'),
  line('TOKEN_BRUTEFORCE', 'read-secrets'),
  line('TOKEN_LIST', 'read-secrets'),
  line('TOKEN_STEAL', '', 'tokens'),
  line('VOLUME_ACCESS', '', 'secrets and volumes'),
  line('VOLUME_DISCOVER', '', 'secrets and volumes'),
];

/** The policies of rbac-police, by their names. */
export const rbacPolice: readonly Line[] = [
  line('approve_csrs', 'approve-certificates node-certificate'),
  line('assign_sa', makesPods),
  line('bind_roles', 'bind-cluster-role bind-role'),
  line('cluster_admin', 'cluster-admin'),
  line('control_webhooks', 'mutating-webhook validating-webhook'),
  line('eks_modify_aws_auth', 'cloud-auth-map'),
  line('escalate_roles', 'escalate-cluster-role escalate-role'),
  line('impersonate', 'impersonate-user impersonate-group impersonate-service-account'),
  line('issue_token_secrets', 'token-secret patch-secrets'),
  line('modify_node_status', 'lure-pods'),
  line('modify_pod_status', 'pod-labels'),
  line('modify_pods', 'patch-pod'),
  line('modify_service_status_cve_2020_8554', 'external-ip'),
  line('nodes_proxy', 'kubelet'),
  line('obtain_token_weak_ns', `read-secrets request-token token-secret ${makesPods}`),
  line('pods_ephemeral_ctrs', 'ephemeral-container ephemeral-escape'),
  line('pods_exec', 'exec'),
  line('providerIAM', '', 'cloud identities'),
  line('rce_weak_ns', 'exec patch-pod'),
  line('retrieve_secrets', 'read-secrets'),
  line('steal_pods', 'steal-pods'),
  line('token_request', 'request-token'),
];

/** The relations of IceKube that are attacks, by their names. */
export const iceKube: readonly Line[] = [
  line('BOUND_TO', '', 'grants'),
  line('GRANTS_PERMISSION', '', 'grants'),
  line('USES_ACCOUNT', '', 'tokens'),
  line('MOUNTS_SECRET', '', 'secrets and volumes'),
  line('CREATE_POD_WITH_SA', makesPods),
  line('CREATE_PRIVILEGED_WORKLOAD', makesPods),
  line('PATCH_NAMESPACE_TO_BYPASS_PSA', 'lift-pod-security'),
  line('UPDATE_WORKLOAD_WITH_SA', 'create-workload change-cron-job'),
  line('EXEC_INTO', 'exec'),
  line('REPLACE_IMAGE', 'patch-pod'),
  line('DEBUG_POD', 'ephemeral-container'),
  line('GET_AUTHENTICATION_TOKEN_FOR', 'read-secrets'),
  line('ACCESS_SECRET', 'read-secrets'),
  line('GENERATE_TOKEN', 'request-token'),
  line('CREATE_SECRET_WITH_TOKEN', 'token-secret'),
  line('RBAC_ESCALATE_TO', 'escalate-cluster-role escalate-role'),
  line('GENERATE_CLIENT_CERTIFICATE', 'approve-certificates'),
  line('HAS_CSR_APPROVAL', 'approve-certificates'),
  line('CAN_IMPERSONATE', 'impersonate-user impersonate-group impersonate-service-account'),
  line('IS_PRIVILEGED', '', 'escapes'),
  line('CAN_CGROUP_BREAKOUT', '', 'escapes'),
  line('CAN_LOAD_KERNEL_MODULES', '', 'escapes'),
  line('CAN_ACCESS_DANGEROUS_HOST_PATH', '', 'escapes'),
  line('CAN_NSENTER_HOST', '', 'escapes'),
  line('CAN_ACCESS_HOST_FD', '', 'escapes'),
  line('ACCESS_POD', '', 'hosts'),
  line('CAN_EXEC_THROUGH_KUBELET', 'kubelet'),
  line('PERSISTENT_VOLUME_CREATION', 'host-path-volume'),
  line('UPDATE_AWS_AUTH', 'cloud-auth-map'),
  line('AZURE_POD_IDENTITY_EXCEPTION', 'azure-pod-identity'),
];

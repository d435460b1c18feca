import type { Json, JsonObject } from '@breakwater/model';

/** A pod that an attacker would like to make, as a request to the API server. */
export interface Probe {
  /** `privileged`. */
  name: string;
  object: JsonObject;
  /** Null for a creation. */
  oldObject: JsonObject | null;
  /** `ephemeralcontainers` for a container that is added to a running pod. */
  subresource: string;
}

const digest = `sha256:${'0'.repeat(64)}`;

const container: JsonObject = {
  name: 'app',
  image: `registry.example/app@${digest}`,
  imagePullPolicy: 'Always',
  resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '100m', memory: '64Mi' } },
  securityContext: {
    privileged: false,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    runAsUser: 10_001,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  },
};

const spec: JsonObject = {
  automountServiceAccountToken: false,
  containers: [container],
  securityContext: { runAsNonRoot: true, runAsUser: 10_001, seccompProfile: { type: 'RuntimeDefault' } },
};

function pod(namespace: string, fields: JsonObject): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'probe', namespace, labels: { app: 'probe', 'app.kubernetes.io/name': 'probe' } },
    spec: { ...spec, ...fields },
  };
}

const withContext = (fields: JsonObject): JsonObject => ({
  containers: [{ ...container, securityContext: { ...(container['securityContext'] as JsonObject), ...fields } }],
});

const adding = (capability: string, more: JsonObject = {}): JsonObject => ({
  ...withContext({ runAsNonRoot: false, runAsUser: 0, capabilities: { add: [capability], drop: ['ALL'] } }),
  securityContext: {},
  ...more,
});

const hostPath = (path: string): JsonObject => ({
  containers: [{ ...container, volumeMounts: [{ name: 'host', mountPath: '/host' }] }],
  volumes: [{ name: 'host', hostPath: { path } }],
});

const rootContext: JsonObject = { runAsNonRoot: false, runAsUser: 0 };

/** Each is enough to get from the pod to its node; together they are what the level `baseline` refuses for that reason. */
const escapes: Readonly<Record<string, JsonObject>> = {
  privileged: {
    ...withContext({ ...rootContext, privileged: true, allowPrivilegeEscalation: true }),
    securityContext: {},
  },
  'privileged-init': {
    initContainers: [{ ...container, name: 'init', securityContext: { ...rootContext, privileged: true } }],
    securityContext: {},
  },
  'host-path': hostPath('/'),
  'runtime-socket': hostPath('/run/containerd/containerd.sock'),
  'all-capabilities': adding('ALL'),
  'sys-admin': adding('SYS_ADMIN'),
  'sys-module': adding('SYS_MODULE'),
  'read-any-file': adding('DAC_READ_SEARCH'),
  'host-processes': adding('SYS_PTRACE', { hostPID: true }),
};

/** What helps an escape by a flaw of the kernel; the level `restricted` refuses it. */
const helps: Readonly<Record<string, JsonObject>> = {
  root: {
    containers: [{ ...container, securityContext: {} }],
    securityContext: { runAsUser: 0 },
  },
};

/** The pod that asks for nothing: what refuses it refuses the others for another reason. */
export function harmlessProbe(namespace: string, ephemeral: boolean): Probe {
  return ephemeral ? ephemeralProbe('harmless', namespace, {}) : created('harmless', pod(namespace, {}));
}

/** Pods that escape. */
export function escapingProbes(namespace: string, ephemeral: boolean): Probe[] {
  return ephemeral
    ? ['privileged', 'sys-admin', 'sys-module', 'read-any-file'].map((name) =>
        ephemeralProbe(name, namespace, contextOf(escapes[name]!)),
      )
    : Object.entries(escapes).map(([name, fields]) => created(name, pod(namespace, fields)));
}

/** Pods that help an escape. */
export function helpingProbes(namespace: string, ephemeral: boolean): Probe[] {
  return Object.entries(helps).map(([name, fields]) =>
    ephemeral ? ephemeralProbe(name, namespace, contextOf(fields)) : created(name, pod(namespace, fields)),
  );
}

const created = (name: string, object: JsonObject): Probe => ({ name, object, oldObject: null, subresource: '' });

function contextOf(fields: JsonObject): JsonObject {
  const [first] = fields['containers'] as JsonObject[];
  return { securityContext: first?.['securityContext'] ?? {} };
}

function ephemeralProbe(name: string, namespace: string, fields: JsonObject): Probe {
  const oldObject = pod(namespace, {});
  const { resources: _, ...rest } = container;
  const added: Json = { ...rest, name: 'debugger', ...fields };
  return {
    name,
    object: pod(namespace, { ephemeralContainers: [added] }),
    oldObject,
    subresource: 'ephemeralcontainers',
  };
}

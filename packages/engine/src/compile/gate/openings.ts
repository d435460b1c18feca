import type { Incident, JsonObject, Rule } from '@breakwater/model';

/** Something in a manifest that made an incident possible. */
export interface Opening {
  /** "a program that is not in the image ran: /tmp/x". */
  because: string;
  /** What to do about it. */
  fix: string;
  /** What must hold from now on. */
  require: Rule;
  /** What an object has that is refused, and what one has that is not: of a container, and of a pod. */
  refused: { container?: JsonObject; pod?: JsonObject };
  passed: { container?: JsonObject; pod?: JsonObject };
}

type Finder = (incident: Incident) => Opening | undefined;

const RUNTIME_SOCKET = /(?:docker|containerd|crio|cri-dockerd|podman)\.sock$/;

/** What can be seen in manifests, the one that closes most first. */
const FINDERS: readonly Finder[] = [writableRoot, nodePower, runtimeSocket, gainedPrivileges, rootUser, mountedToken];

/** What of the manifests made an incident possible, as far as manifests show it. */
export const openingsOf = (incident: Incident): Opening[] => FINDERS.flatMap((find) => find(incident) ?? []);

const context = (field: string, value: JsonObject[string]): JsonObject => ({ securityContext: { [field]: value } });

function writableRoot({ processes, entries }: Incident): Opening | undefined {
  const foreign = processes.find(({ inImage }) => inImage === false);
  const written = entries.find(
    ({ behaviour }) => behaviour?.dimension === 'open' && behaviour.access !== undefined && behaviour.access !== 'read',
  );
  const because =
    foreign !== undefined
      ? `a program ran that is not in the image: ${foreign.path}`
      : written !== undefined
        ? `it wrote where it never did: ${written.behaviour?.object}`
        : undefined;
  if (because === undefined) return undefined;
  return {
    because,
    fix: 'set readOnlyRootFilesystem, and mount an emptyDir where the program writes',
    require: {
      each: 'containers',
      expr: 'c.readOnlyRootFilesystem',
      field: 'c.securityContext.readOnlyRootFilesystem',
      message: "'container ' + c.name + ' can write to its root file system'",
    },
    refused: {},
    passed: { container: context('readOnlyRootFilesystem', true) },
  };
}

function nodePower(incident: Incident): Opening | undefined {
  const call = privilegeOf(incident, /^(?:unshare|setns|u?mount2?|pivot_root|clone3?|f?init_module|bpf|ptrace)\b/);
  if (call === undefined && !hasTechnique(incident, /^T1611/)) return undefined;
  return {
    because: call === undefined ? 'it reached for its node' : `it used power over its node: ${call}`,
    fix: 'remove privileged and SYS_ADMIN',
    require: {
      each: 'containers',
      expr: "!c.privileged && !c.capabilitiesAdded.exists(a, a in ['ALL', 'SYS_ADMIN', 'CAP_SYS_ADMIN', 'SYS_PTRACE', 'CAP_SYS_PTRACE', 'SYS_MODULE', 'CAP_SYS_MODULE'])",
      field: ['c.securityContext.privileged', 'c.securityContext.capabilities.add'],
      message: "'container ' + c.name + ' has power over its node'",
    },
    refused: { container: context('privileged', true) },
    passed: {},
  };
}

function runtimeSocket({ entries }: Incident): Opening | undefined {
  const found = entries.find(({ behaviour }) => behaviour !== undefined && RUNTIME_SOCKET.test(behaviour.object));
  if (found === undefined) return undefined;
  return {
    because: `it spoke to the container runtime: ${found.behaviour?.object}`,
    fix: 'remove the volume of the socket',
    require: {
      expr: "!workload.hostPaths.exists(p, p.matches('^(/var)?/run/?$|(docker|containerd|crio|cri-dockerd|podman)[.]sock/?$'))",
      field: 'workload.pod.volumes',
      message: "'the pod reaches the socket of the container runtime'",
    },
    refused: { pod: { volumes: [{ name: 'runtime', hostPath: { path: '/run/docker.sock' } }] } },
    passed: {},
  };
}

function gainedPrivileges(incident: Incident): Opening | undefined {
  const call = privilegeOf(incident, /^set\w*uid\b(?!.*failed$)/);
  if (call === undefined && !hasTechnique(incident, /^T1548/)) return undefined;
  return {
    because: call === undefined ? 'it gained privileges' : `it gained privileges: ${call}`,
    fix: 'set allowPrivilegeEscalation to false',
    require: {
      each: 'containers',
      expr: '!c.allowPrivilegeEscalation',
      field: 'c.securityContext.allowPrivilegeEscalation',
      message: "'container ' + c.name + ' may gain privileges'",
    },
    refused: {},
    passed: { container: context('allowPrivilegeEscalation', false) },
  };
}

function rootUser(incident: Incident): Opening | undefined {
  const root = incident.processes.find(({ uid }) => uid === 0);
  if (root === undefined && privilegeOf(incident, /^uid 0$/) === undefined) return undefined;
  return {
    because: root === undefined ? 'something of it ran as root' : `${root.path} ran as root`,
    fix: 'set runAsNonRoot, and a USER in the image',
    require: {
      each: 'containers',
      expr: 'c.runAsUser == null ? c.runAsNonRoot : c.runAsUser > 0',
      field: ['c.securityContext.runAsUser', 'c.securityContext.runAsNonRoot'],
      message: "'container ' + c.name + ' may run as root'",
    },
    refused: {},
    passed: { container: context('runAsNonRoot', true) },
  };
}

function mountedToken(incident: Incident): Opening | undefined {
  const read = incident.entries.find(({ behaviour }) =>
    /\/serviceaccount\/(?:token|\*)/.test(behaviour?.dimension === 'open' ? behaviour.object : ''),
  );
  if (read === undefined && !hasTechnique(incident, /^T1552\.007$|^T1528$/)) return undefined;
  return {
    because: 'it took the token of its service account',
    fix: 'set automountServiceAccountToken to false where the program does not ask the API server',
    require: {
      expr: '!workload.automountToken',
      field: 'workload.pod.automountServiceAccountToken',
      message: "'the pod is given a token for the API server'",
    },
    refused: {},
    passed: { pod: { automountServiceAccountToken: false } },
  };
}

const privilegeOf = ({ entries }: Incident, call: RegExp): string | undefined =>
  entries.find(({ behaviour }) => behaviour?.dimension === 'privilege' && call.test(behaviour.object))?.behaviour
    ?.object;

const hasTechnique = ({ techniques }: Incident, wanted: RegExp): boolean =>
  techniques.some((technique) => wanted.test(technique));

/** Whether a version has a flaw; `doubtful` where a distribution numbers its kernels by itself. */
export type VersionStanding = 'flawed' | 'sound' | 'doubtful';

/** A flaw of what all containers of a node share, by which published tools leave them. */
export interface NodeFlaw {
  id: string;
  name: string;
  /** Field of `status.nodeInfo` that tells. */
  field: 'kernelVersion' | 'containerRuntimeVersion';
  standing(version: string): VersionStanding;
  /** What a container must be allowed besides running code. */
  needs: 'nothing' | 'user-namespace' | 'host-network';
  /** CISA lists it. */
  knownExploited: boolean;
  how: string;
  mitigation: string;
}

type Triple = readonly [number, number, number];

const update = 'a node of a newer image';
const filter = `${update}; until then seccompProfile: RuntimeDefault`;

function kernel(
  id: string,
  name: string,
  needs: NodeFlaw['needs'],
  knownExploited: boolean,
  how: string,
  versions: { from: string; fixed: string[] },
): NodeFlaw {
  return {
    id,
    name,
    field: 'kernelVersion',
    needs,
    knownExploited,
    how,
    mitigation: needs === 'user-namespace' ? filter : update,
    standing: (version) => kernelStanding(version, versions.from, versions.fixed),
  };
}

/**
 * The flaws, with the first release that has each and the releases that mend it, one a branch that was kept up then; the
 * last is the mainline's.
 */
export const nodeFlaws: readonly NodeFlaw[] = [
  kernel('CVE-2016-5195', 'Dirty COW', 'nothing', true, 'read-only memory, also of the node, can be written', {
    from: '2.6.22',
    fixed: ['4.4.26', '4.7.9', '4.8.3'],
  }),
  kernel(
    'CVE-2022-0847',
    'Dirty Pipe',
    'nothing',
    true,
    'any file that can be read can be overwritten, also of images and of runc',
    {
      from: '5.8.0',
      fixed: ['5.10.102', '5.15.25', '5.16.11', '5.17.0'],
    },
  ),
  kernel(
    'CVE-2022-0185',
    'a flaw of mount contexts',
    'user-namespace',
    true,
    'memory of the kernel is overwritten by a mount option',
    {
      from: '5.1.0',
      fixed: ['5.4.173', '5.10.93', '5.15.16', '5.16.2', '5.17.0'],
    },
  ),
  kernel(
    'CVE-2022-0492',
    'the cgroup release_agent',
    'user-namespace',
    false,
    'a program of choice runs on the node when a cgroup ends',
    {
      from: '2.6.24',
      fixed: ['4.9.301', '4.14.266', '4.19.229', '5.4.177', '5.10.97', '5.15.20', '5.16.6', '5.17.0'],
    },
  ),
  kernel(
    'CVE-2021-22555',
    'a flaw of netfilter',
    'user-namespace',
    true,
    'memory of the kernel is overwritten by a rule of iptables',
    {
      from: '2.6.19',
      fixed: ['4.4.267', '4.9.267', '4.14.231', '4.19.188', '5.4.113', '5.10.31', '5.11.15', '5.12.0'],
    },
  ),
  kernel(
    'CVE-2024-1086',
    'a flaw of nf_tables',
    'user-namespace',
    true,
    'memory of the kernel is used after it was given back',
    {
      from: '3.15.0',
      fixed: ['4.19.307', '5.4.269', '5.10.210', '5.15.149', '6.1.76', '6.6.15', '6.7.3', '6.8.0'],
    },
  ),
  {
    id: 'CVE-2020-15257',
    name: 'containerd’s abstract socket',
    field: 'containerRuntimeVersion',
    needs: 'host-network',
    knownExploited: false,
    how: 'in the network of the node containerd’s shim obeys root of any container',
    mitigation: `${update}; until then without hostNetwork, or not as root`,
    standing: (version) => runtimeStanding(version, 'containerd', ['1.3.9', '1.4.3', '1.5.0']),
  },
  {
    id: 'CVE-2019-5736',
    name: 'the overwritten runc',
    field: 'containerRuntimeVersion',
    needs: 'nothing',
    knownExploited: false,
    how: 'root in a container overwrites the runtime, which runs next as root of the node',
    mitigation: update,
    standing: (version) => runtimeStanding(version, 'docker', ['18.6.2', '18.9.2']),
  },
];

/**
 * A number behind the release is the distribution's own where the release is its base (5.15.0-91-generic, 4.18.0-372.el8):
 * fixes are in it that the number does not show. Others keep the number of the stable branch (5.10.192-183.amzn2, 5.15.133+).
 */
function kernelStanding(version: string, from: string, fixed: readonly string[]): VersionStanding {
  const found = tripleOf(version);
  if (found === undefined) return version === '' ? 'sound' : 'doubtful';
  if (compare(found, tripleOf(from)!) < 0 || isFixed(found, fixed)) return 'sound';
  return /^\d+\.\d+\.0-\d|\.el\d|-(pve|default)$|^\d+\.\d+\.\d+-\d+-(generic|aws|azure|gcp|gke|oracle|cloud-\w+|amd64|arm64)/.test(
    version,
  )
    ? 'doubtful'
    : 'flawed';
}

function runtimeStanding(version: string, runtime: string, fixed: readonly string[]): VersionStanding {
  const [name, number = ''] = version.split('://');
  const found = name === runtime ? tripleOf(number) : undefined;
  return found === undefined || isFixed(found, fixed) ? 'sound' : 'flawed';
}

/** On a branch that was mended: at or behind its fix. On another: behind the mainline's. */
function isFixed(found: Triple, fixed: readonly string[]): boolean {
  const fixes = fixed.map((each) => tripleOf(each)!);
  const branch = fixes.find((fix) => fix[0] === found[0] && fix[1] === found[1]);
  return compare(found, branch ?? fixes.at(-1)!) >= 0;
}

function tripleOf(version: string): Triple | undefined {
  const parts = /^v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,5}))?/.exec(version);
  return parts === null ? undefined : [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0)];
}

function compare(a: Triple, b: Triple): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

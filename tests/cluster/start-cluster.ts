import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findControlPlane } from './control-plane.ts';
import { type Access, readAccess } from './read-access.ts';

/** Parts that may run beside etcd and kube-apiserver. */
export type Part = 'kube-controller-manager' | 'kube-scheduler' | 'kwok';

export interface ClusterOptions {
  parts?: Part[];
  /** For `start.sh`: `AUDIT_WEBHOOK`, `APISERVER_FLAGS`, `API_PORT`. */
  environment?: Record<string, string>;
}

/** An answer of the API server, whatever its status. `body` is parsed where it is JSON, else the text. */
export interface ApiAnswer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every kind
  body: any;
}

export interface RequestOptions {
  /** Acts as this user, and as a member of these groups. */
  user?: string;
  groups?: string[];
  /** Proves itself with this token instead of the administrator's. */
  token?: string;
  /** Of the body; JSON by default. */
  contentType?: string;
}

/** A real control plane. */
export interface Cluster {
  /** Path of the administrator's kubeconfig. */
  kubeconfig: string;
  /** `https://127.0.0.1:PORT`. */
  url: string;
  /** Certificate authority, PEM. */
  authority: string;
  /** Its folder: `audit.log`, `logs/`, `pki/`. Empty for a cluster that was given: it cannot be killed or restarted. */
  state: string;
  /** Runs kubectl as administrator and gives what it prints. `input` goes to stdin, objects as JSON. */
  kubectl(args: string[], input?: string | object): Promise<string>;
  /** Asks the API server: `request('POST', '/api/v1/namespaces', {...})`. */
  request(method: string, path: string, body?: object, options?: RequestOptions): Promise<ApiAnswer>;
  /** Writes a kubeconfig of another user of this cluster and gives its path. */
  writeKubeconfig(name: string, token: string): Promise<string>;
  /** Ends a part at once, as a crash would. */
  kill(part: Part | 'kube-apiserver' | 'etcd'): void;
  /** Starts what does not run, on the same port, with the same tokens and data. */
  start(): Promise<void>;
  /** Ends all parts and deletes the state. */
  stop(): Promise<void>;
}

/** Starts a control plane of its own, or takes the one that was given. Throws where there is none: see `NO_CLUSTER`. */
export async function startCluster({ parts = [], environment = {} }: ClusterOptions = {}): Promise<Cluster> {
  const plane = findControlPlane();
  if (plane.kind === 'none') throw new Error(`There is no control plane: ${plane.reason}`);
  if (plane.kind === 'given') {
    const access = await readAccess(plane.kubeconfig);
    return { ...clientOf(access, 'kubectl', tmpdir()), ...GIVEN, kubeconfig: plane.kubeconfig };
  }
  const state = mkdtempSync(join(process.env['BREAKWATER_CLUSTER_STATES'] || tmpdir(), 'breakwater-cluster-'));
  const env = { ...process.env, ...environment, CLUSTER: plane.cluster };
  const start = async (names: string[]) => {
    await run(join(plane.scripts, 'start.sh'), [state, ...names], { env });
  };
  const stop = () => {
    spawnSync(join(plane.scripts, 'stop.sh'), [state], { env });
    rmSync(state, { recursive: true, force: true });
  };
  process.once('exit', stop);
  try {
    await start(parts);
    const kubeconfig = join(state, 'kubeconfig');
    return {
      ...clientOf(await readAccess(kubeconfig), plane.cluster, state),
      kubeconfig,
      state,
      kill: (part) => void process.kill(Number(readFileSync(join(state, 'pids', part), 'utf8')), 'SIGKILL'),
      start: () => start([]),
      async stop() {
        process.off('exit', stop);
        stop();
      },
    };
  } catch (error) {
    process.off('exit', stop);
    stop();
    throw error;
  }
}

const refuse = () => {
  throw new Error('A cluster that was given is not ours to kill.');
};
const GIVEN = { state: '', kill: refuse, start: async () => {}, stop: async () => {} };

function clientOf(access: Access, command: string, folder: string) {
  const { kubeconfig, url, authority } = access;
  const prefix = command === 'kubectl' ? [] : ['kubectl'];
  return {
    url,
    authority,
    kubectl: (args: string[], input?: string | object) =>
      run(command, [...prefix, `--kubeconfig=${kubeconfig}`, ...args], { input }),
    request: (method: string, path: string, body?: object, options: RequestOptions = {}) =>
      ask(access, method, path, body, options),
    async writeKubeconfig(name: string, token: string) {
      const path = join(folder, `${name}.kubeconfig`);
      const cluster = { server: url, 'certificate-authority-data': Buffer.from(authority).toString('base64') };
      const config = {
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': name,
        contexts: [{ name, context: { cluster: name, user: name } }],
        clusters: [{ name, cluster }],
        users: [{ name, user: { token } }],
      };
      await writeFile(path, JSON.stringify(config), { mode: 0o600 });
      return path;
    },
  };
}

async function ask(
  { url, tls, authorization }: Access,
  method: string,
  path: string,
  body: object | undefined,
  { user, groups = [], token, contentType = 'application/json' }: RequestOptions,
): Promise<ApiAnswer> {
  const headers = {
    Accept: 'application/json',
    ...(body ? { 'Content-Type': contentType } : {}),
    ...(token ? { Authorization: `Bearer ${token}` } : authorization ? { Authorization: authorization } : {}),
    ...(user ? { 'Impersonate-User': user } : {}),
    ...(groups.length > 0 ? { 'Impersonate-Group': groups } : {}),
  };
  return new Promise((resolve, reject) => {
    const sent = httpsRequest(new URL(path, url), { ...tls, method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const json = answer.headers['content-type']?.includes('json') === true;
        resolve({ status: answer.statusCode ?? 0, body: json ? JSON.parse(text) : text });
      });
    });
    sent.on('error', reject);
    sent.end(body ? JSON.stringify(body) : undefined);
  });
}

function run(
  command: string,
  args: string[],
  { env = process.env, input }: { env?: NodeJS.ProcessEnv; input?: string | object | undefined },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, { env, maxBuffer: 256 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${command} ${args.join(' ')}: ${stderr.trim() || error.message}`));
      else resolve(stdout);
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(typeof input === 'object' ? JSON.stringify(input) : input);
  });
}

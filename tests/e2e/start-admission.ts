import { type ChildProcess, spawn } from 'node:child_process';
import { request } from 'node:https';

/** Time in which the webhook listens, in milliseconds. */
const STARTING = 60_000;

/** What users ask for, in the order in which they ask: refused, let through by break-glass, and refused to break it. */
const REQUESTS = [
  { user: 'alice', name: 'debug', annotations: {} },
  { user: 'lea', name: 'rescue', annotations: { 'breakwater.dev/break-glass': 'the shop is down, incident 4711' } },
  { user: 'mallory', name: 'rescue-too', annotations: { 'breakwater.dev/break-glass': 'because' } },
];

/**
 * Starts the real webhook on a state folder and asks it as an API server does, so that there are decisions to show. Give
 * the process to whoever has to end it.
 */
export async function startAdmission(command: string, root: string, state: string): Promise<ChildProcess> {
  const listener = spawn(
    command,
    ['admission', 'serve', '--port', '0', '--state', state, '--break-glass-user', 'lea'],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const port = await portOf(listener);
  for (const [index, asked] of REQUESTS.entries()) await review(port, reviewOf(String(index), asked));
  return listener;
}

function portOf(listener: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const late = setTimeout(() => reject(new Error(`The webhook does not listen:\n${printed}`)), STARTING);
    listener.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const port = /listens on port (\d+)/.exec(printed)?.[1];
      if (port === undefined) return;
      clearTimeout(late);
      resolve(Number(port));
    });
    listener.on('exit', (code) => reject(new Error(`The webhook ended with ${code}:\n${printed}`)));
  });
}

/** A privileged pod, which a setting of these tests refuses. */
function reviewOf(uid: string, { user, name, annotations }: (typeof REQUESTS)[number]): object {
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid,
      operation: 'CREATE',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      namespace: 'shop',
      name,
      userInfo: { username: user, groups: ['system:authenticated'] },
      object: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'shop', annotations },
        spec: {
          containers: [{ name: 'main', image: 'registry.example/debug:1', securityContext: { privileged: true } }],
        },
      },
    },
  };
}

function review(port: number, body: object): Promise<void> {
  const text = JSON.stringify(body);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port, path: '/admit', method: 'POST', rejectUnauthorized: false, headers },
      (answer) => {
        answer.resume();
        answer.on('end', resolve);
      },
    );
    asked.on('error', reject);
    asked.end(text);
  });
}

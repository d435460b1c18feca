import { spawn } from 'node:child_process';
import { dirname, isAbsolute, join } from 'node:path';
import { UpstreamError, UserError } from '@breakwater/model';
import { z } from 'zod';

/** The command by which a kubeconfig gets credentials, as the file states it. */
export const ExecPlugin = z.object({
  command: z.string().min(1),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  apiVersion: z.string().default('client.authentication.k8s.io/v1'),
  provideClusterInfo: z.boolean().nullish(),
});
export type ExecPlugin = z.infer<typeof ExecPlugin>;

/** What a plug-in gave. */
export interface ExecCredential {
  token?: string | undefined;
  /** PEM. */
  certificate?: string | undefined;
  key?: string | undefined;
  /** Milliseconds since 1970. */
  expires?: number | undefined;
}

const Answer = z.object({
  kind: z.literal('ExecCredential'),
  status: z.object({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.string().optional(),
  }),
});

/** Milliseconds that a plug-in may take: some open a browser, but nobody sits here. */
const TIMEOUT = 60_000;
/** Bytes of its answer: a token and two PEM texts. */
const LARGEST = 1024 * 1024;

/**
 * Runs the plug-in as kubectl does: its command from PATH, or beside the kubeconfig where it is a relative path, with
 * the caller's environment and `KUBERNETES_EXEC_INFO`; never interactive. What it prints to stderr is not repeated: it
 * may hold secrets. Throws UserError where the command is not there, UpstreamError where it fails.
 */
export async function runExecPlugin(
  plugin: ExecPlugin,
  kubeconfig: string,
  cluster: { server: string; caData?: string | undefined },
  timeout = TIMEOUT,
): Promise<ExecCredential> {
  const { command, args, env, apiVersion, provideClusterInfo } = plugin;
  const own = command.includes('/') && !isAbsolute(command) ? join(dirname(kubeconfig), command) : command;
  const info = {
    apiVersion,
    kind: 'ExecCredential',
    spec: {
      interactive: false,
      ...(provideClusterInfo
        ? { cluster: { server: cluster.server, 'certificate-authority-data': cluster.caData } }
        : {}),
    },
  };
  const environment = {
    ...process.env,
    ...Object.fromEntries((env ?? []).map(({ name, value }) => [name, value])),
    KUBERNETES_EXEC_INFO: JSON.stringify(info),
  };
  const text = await collect(own, args ?? [], environment, timeout);
  const parsed = Answer.safeParse(readJson(text));
  if (!parsed.success) throw failed(command, 'its answer is no ExecCredential');
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = parsed.data.status;
  if (token === undefined && clientCertificateData === undefined) throw failed(command, 'it gave no credential');
  const expires = expirationTimestamp === undefined ? Number.NaN : Date.parse(expirationTimestamp);
  return {
    token,
    certificate: clientCertificateData,
    key: clientKeyData,
    ...(Number.isFinite(expires) ? { expires } : {}),
  };
}

function collect(command: string, args: string[], env: NodeJS.ProcessEnv, timeout: number): Promise<string> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that what it started ends with it.
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    const chunks: Buffer[] = [];
    let size = 0;
    let reason: string | undefined;
    const end = (why: string) => {
      reason ??= why;
      if (child.pid !== undefined) killGroup(child.pid);
      child.stdout.destroy();
    };
    const timer = setTimeout(() => end(`it took longer than ${timeout} ms`), timeout);
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > LARGEST) end('its answer is too large');
      else chunks.push(chunk);
    });
    child.on('error', (cause: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(notStarted(command, cause));
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      if (reason === undefined && code === 0) resolve(Buffer.concat(chunks).toString('utf8'));
      else reject(failed(command, reason ?? `it ended with ${code}`));
    });
  });
}

function killGroup(id: number): void {
  try {
    process.kill(-id, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}

function notStarted(command: string, cause: NodeJS.ErrnoException): UserError {
  const reason = cause.code === 'ENOENT' ? 'it is not installed' : (cause.code ?? 'it could not be started');
  return new UserError(`The command ${command}, by which the kubeconfig gets credentials, failed: ${reason}.`, {
    code: 'cluster-credentials-missing',
    hint: 'Install it, or sign in by another user of the kubeconfig.',
    cause,
  });
}

function failed(command: string, reason: string): UpstreamError {
  return new UpstreamError(`The command ${command}, by which the kubeconfig gets credentials, failed: ${reason}.`, {
    code: 'cluster-credentials-failed',
    hint: 'Run kubectl with this context once: it shows what the command says, and signs in where that is needed.',
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { posix } from 'node:path';
import type { RuntimeEvent } from '@breakwater/model';
import { cleanName, cleanText, fieldsOf, integerOf, type JsonFields, listOf, portOf } from '../json-fields.ts';
import { type KernelCall, kernelCall } from '../kernel-call.ts';

const MAY_EXECUTE = 1;
const MAY_WRITE = 2;
const MAY_APPEND = 8;
const PERMISSION_HOOKS = new Set(['security_file_permission', 'file_permission']);
const FILE_ARGUMENTS = ['file_arg', 'path_arg', 'linux_binprm_arg', 'dentry_arg'];
/** The prefix of paths that Tetragon could not follow to the root is lost; it writes them without the first slash. */
const ROOT = '/';

/** A hooked call in our words, as far as its arguments tell. */
export type CallFacts = Pick<RuntimeEvent, 'type' | 'call' | 'file' | 'peer' | 'local'>;

/** Reads a kernel function, LSM hook or tracepoint with its arguments. A call that failed opened nothing. */
export function callFacts(name: string, event: JsonFields, workingDirectory: string | undefined): CallFacts {
  const call = kernelCall(name);
  const args = listOf(event['args']).map(fieldsOf);
  if (call.type === 'open') return openFacts(name, call, args, workingDirectory, hasFailed(event));
  const facts: CallFacts = { type: hasFailed(event) ? 'syscall' : call.type, call: name };
  const socket = args.map((arg) => fieldsOf(arg?.['sock_arg'] ?? arg?.['sockaddr_arg'])).find(Boolean);
  if (socket) Object.assign(facts, socketFacts(call.type, socket));
  return facts;
}

function openFacts(
  name: string,
  call: KernelCall,
  args: (JsonFields | undefined)[],
  workingDirectory: string | undefined,
  failed: boolean,
): CallFacts {
  const path = filePath(args, workingDirectory);
  const access = call.access ?? (PERMISSION_HOOKS.has(name) ? permissionAccess(args) : undefined);
  const type = failed || path === undefined ? 'syscall' : 'open';
  return { type, call: name, ...(path && { file: { path, ...(access && { access }) } }) };
}

function filePath(args: (JsonFields | undefined)[], workingDirectory: string | undefined): string | undefined {
  for (const arg of args) {
    const key = arg && FILE_ARGUMENTS.find((candidate) => candidate in arg);
    const path = key && cleanText(fieldsOf(arg[key])?.['path']);
    if (path) return path.startsWith(ROOT) ? path : `${ROOT}${path}`;
  }
  const text = cleanText(args.find((arg) => arg && 'string_arg' in arg)?.['string_arg']);
  if (!text || text.startsWith(ROOT)) return text;
  return workingDirectory?.startsWith(ROOT) ? posix.join(workingDirectory, text) : undefined;
}

/** The mask that `security_file_permission` was asked for: 1 execute, 2 write, 4 read, 8 append. */
function permissionAccess(args: (JsonFields | undefined)[]): KernelCall['access'] {
  const mask = integerOf(args.find((arg) => arg && 'int_arg' in arg)?.['int_arg']);
  if (mask === undefined) return undefined;
  if (mask & (MAY_WRITE | MAY_APPEND)) return 'write';
  return mask & MAY_EXECUTE ? 'execute' : 'read';
}

function socketFacts(type: RuntimeEvent['type'], socket: JsonFields): Partial<CallFacts> {
  const protocol = (cleanName(socket['protocol']) ?? 'TCP').replace(/^IPPROTO_/, '');
  const peer = endpoint(socket['daddr'] ?? socket['addr'], socket['dport'] ?? socket['port']);
  const local = endpoint(socket['saddr'], socket['sport']);
  return {
    ...(peer && type !== 'listen' && { peer: { ...peer, protocol } }),
    ...(local && { local }),
  };
}

/** An address with a port; undefined unless both are given. */
export function endpoint(address: unknown, port: unknown): { address: string; port: number } | undefined {
  const host = cleanName(address);
  const number = portOf(port ?? 0);
  return host && number !== undefined ? { address: host, port: number } : undefined;
}

function hasFailed(event: JsonFields): boolean {
  const value = integerOf(fieldsOf(event['return'])?.['int_arg']);
  return value !== undefined && value < 0;
}

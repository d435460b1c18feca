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

/** Reads a kernel function, LSM hook or tracepoint with its arguments into an event. A call that failed opened nothing. */
export function readCall(name: string, event: JsonFields, found: RuntimeEvent): void {
  const call = kernelCall(name);
  const args = listOf(event['args']);
  found.call = name;
  found.type = hasFailed(event) ? 'syscall' : call.type;
  if (call.type === 'open') {
    readOpen(name, call, args, event, found);
    return;
  }
  const socket = argumentOf(args, 'sock_arg', 'sockaddr_arg');
  if (socket) readSocket(call.type, socket, found);
}

function readOpen(
  name: string,
  call: KernelCall,
  args: readonly unknown[],
  event: JsonFields,
  found: RuntimeEvent,
): void {
  const path = filePath(args, event);
  if (!path) {
    found.type = 'syscall';
    return;
  }
  const access = call.access ?? (PERMISSION_HOOKS.has(name) ? permissionAccess(args) : undefined);
  found.file = access === undefined ? { path } : { path, access };
}

/** The first argument that is an object under one of two names. */
function argumentOf(args: readonly unknown[], name: string, other: string): JsonFields | undefined {
  for (const each of args) {
    const arg = fieldsOf(each);
    const found = arg && fieldsOf(arg[name] ?? arg[other]);
    if (found) return found;
  }
  return undefined;
}

/** The first argument that has a field of that name, whatever it holds. */
function fieldOf(args: readonly unknown[], name: string): unknown {
  for (const each of args) {
    const arg = fieldsOf(each);
    if (arg && name in arg) return arg[name];
  }
  return undefined;
}

function filePath(args: readonly unknown[], event: JsonFields): string | undefined {
  for (const each of args) {
    const arg = fieldsOf(each);
    const key = arg && FILE_ARGUMENTS.find((candidate) => candidate in arg);
    const path = key && cleanText(fieldsOf(arg[key])?.['path']);
    if (path) return path.startsWith(ROOT) ? path : `${ROOT}${path}`;
  }
  const text = cleanText(fieldOf(args, 'string_arg'));
  if (!text || text.startsWith(ROOT)) return text;
  const workingDirectory = cleanText(fieldsOf(event['process'])?.['cwd']);
  return workingDirectory?.startsWith(ROOT) ? posix.join(workingDirectory, text) : undefined;
}

/** The mask that `security_file_permission` was asked for: 1 execute, 2 write, 4 read, 8 append. */
function permissionAccess(args: readonly unknown[]): KernelCall['access'] {
  const mask = integerOf(fieldOf(args, 'int_arg'));
  if (mask === undefined) return undefined;
  if (mask & (MAY_WRITE | MAY_APPEND)) return 'write';
  return mask & MAY_EXECUTE ? 'execute' : 'read';
}

function readSocket(type: RuntimeEvent['type'], socket: JsonFields, found: RuntimeEvent): void {
  const protocol = (cleanName(socket['protocol']) ?? 'TCP').replace(/^IPPROTO_/, '');
  const peer = endpoint(socket['daddr'] ?? socket['addr'], socket['dport'] ?? socket['port']);
  const local = endpoint(socket['saddr'], socket['sport']);
  if (peer && type !== 'listen') found.peer = { ...peer, protocol };
  if (local) found.local = local;
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

import { describe, expect, it } from 'vitest';
import { secretNames } from './secret-names.ts';

const names = new Map(
  secretNames().map(({ key, value }) => [
    key.toString('utf8').replaceAll('\0', ''),
    { files: value.readUInt32LE(0), folders: value.readUInt32LE(4) },
  ]),
);

/** As bpf/secrets.h asks: the file's own name, or any, and one of the three folders above it. */
function isSecret(path: string): boolean {
  const [file = '', ...folders] = path.split('/').reverse();
  const files = (names.get('')?.files ?? 0) | (names.get(file)?.files ?? 0);
  return folders.slice(0, 3).some((folder) => folder !== '' && (files & (names.get(folder)?.folders ?? 0)) !== 0);
}

describe('files that hold credentials', () => {
  it.each([
    '/run/secrets/kubernetes.io/serviceaccount/..2026_11_22_10_00_00.1/token',
    '/run/secrets/kubernetes.io/serviceaccount/token',
    '/etc/shadow',
    '/root/.ssh/id_rsa',
    '/home/user/.aws/credentials',
    '/home/user/.aws/sso/cache/token.json',
    '/root/.docker/config.json',
    '/root/.kube/config',
    '/etc/ssh/ssh_host_rsa_key',
    '/home/user/.netrc',
  ])('are known by their names and folders: %s', (path) => expect(isSecret(path)).toBe(true));

  it.each([
    '/run/secrets/kubernetes.io/serviceaccount/ca.crt',
    '/etc/passwd',
    '/etc/ssl/certs/ca-certificates.crt',
    '/app/shadow',
    '/app/token',
    '/etc/ssh/ssh_config',
    '/usr/lib/libc.so.6',
  ])('and nothing else: %s', (path) => expect(isSecret(path)).toBe(false));

  it('fit into what the kernel holds', () => {
    for (const { key } of secretNames()) expect([key.length, key.at(-1)]).toEqual([32, 0]);
  });
});

import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { SecureContextOptions } from 'node:tls';

/**
 * Certificates that a registry is trusted by beside the system's: `SSL_CERT_FILE`, and what lies in the `certs.d`
 * folders of Docker and of containers (`ca.crt`, `client.cert` with `client.key`). Empty where there is none, so that
 * Node's own roots are used as they are, without parsing them again.
 */
export async function readTlsTrust(
  registry: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<SecureContextOptions> {
  const home = environment['HOME'] ?? homedir();
  const folders = [
    join(environment['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'containers/certs.d', registry),
    join('/etc/containers/certs.d', registry),
    join('/etc/docker/certs.d', registry),
  ];
  const authorities: string[] = [];
  const named = environment['SSL_CERT_FILE'];
  if (named !== undefined && named !== '') authorities.push(await readFile(named, 'utf8'));
  const pairs: { cert: string; key: string }[] = [];
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names.sort()) {
      if (name.endsWith('.crt')) authorities.push(await readFile(join(folder, name), 'utf8'));
      if (!name.endsWith('.cert')) continue;
      const key = `${name.slice(0, -'.cert'.length)}.key`;
      pairs.push({ cert: await readFile(join(folder, name), 'utf8'), key: await readFile(join(folder, key), 'utf8') });
    }
  }
  const [pair] = pairs;
  if (authorities.length === 0) return pair ?? {};
  const { getCACertificates } = await import('node:tls');
  return { ...pair, ca: [...getCACertificates('default'), ...authorities] };
}

import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:https';
import { type AddressInfo, isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { issueCertificate } from './issue-certificate.ts';

const from = new Date('2026-01-01T00:00:00Z');
const until = new Date('2052-01-01T00:00:00Z');
const authority = issueCertificate({ name: 'our authority', from, until });
const HOSTS = ['breakwater.breakwater.svc', '127.0.0.1', '::1', '2001:db8::5'];
const server = issueCertificate({
  name: 'server',
  from,
  until: new Date('2049-12-31T00:00:00Z'),
  hosts: HOSTS,
  authority,
});

describe('issueCertificate', () => {
  it('makes an authority that signs itself, and servers that it vouches for', () => {
    const [parent, child] = [new X509Certificate(authority.certificate), new X509Certificate(server.certificate)];
    expect(parent.ca).toBe(true);
    expect(parent.verify(parent.publicKey)).toBe(true);
    expect(child.ca).toBe(false);
    expect(child.verify(parent.publicKey)).toBe(true);
    expect(child.checkIssued(parent)).toBe(true);
    for (const host of HOSTS) expect(isIP(host) === 0 ? child.checkHost(host) : child.checkIP(host)).toBe(host);
    expect(child.checkHost('breakwater.other.svc')).toBeUndefined();
    expect([child.validFromDate, child.validToDate, parent.validToDate]).toEqual([
      from,
      new Date('2049-12-31T00:00:00Z'),
      until,
    ]);
  });

  it('gives every certificate a serial number and a key of its own', () => {
    const other = issueCertificate({ name: 'server', from, until, hosts: HOSTS, authority });
    expect(new X509Certificate(other.certificate).serialNumber).not.toBe(
      new X509Certificate(server.certificate).serialNumber,
    );
    expect(other.key).not.toBe(server.key);
  });

  it('is taken by TLS where its authority is trusted, and by nobody else', async () => {
    const listening = createServer({ key: server.key, cert: server.certificate }, (_, answer) => answer.end('ok'));
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    const { port } = listening.address() as AddressInfo;
    const ask = (ca: string) =>
      new Promise<string>((resolve) => {
        const sent = request({ host: '127.0.0.1', port, ca, agent: false }, (answer) => {
          answer.resume();
          resolve(String(answer.statusCode));
        });
        sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
        sent.end();
      });
    expect(await ask(authority.certificate)).toBe('200');
    const stranger = issueCertificate({ name: 'our authority', from, until });
    expect(await ask(stranger.certificate)).not.toBe('200');
    await new Promise((resolve) => listening.close(resolve));
  });

  const openssl = spawnSync('openssl', ['version']).status === 0;
  it.skipIf(!openssl)(`is read by OpenSSL without a complaint${openssl ? '' : ' (skipped: no openssl here)'}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'breakwater-certificates-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'ca.crt'), authority.certificate);
    writeFileSync(join(folder, 'tls.crt'), server.certificate);
    const options = ['-x509_strict', '-attime', '1780000000', '-purpose', 'sslserver', '-CAfile', 'ca.crt', 'tls.crt'];
    const { stdout, stderr } = spawnSync('openssl', ['verify', ...options], { cwd: folder });
    expect([stdout.toString(), stderr.toString()]).toEqual(['tls.crt: OK\n', '']);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { renewCertificates } from './renew.ts';
import { givenCertificates } from './serving-certificates.ts';

describe('certificates of others', () => {
  it('are served where both fit, and refused while one of them is of another time', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'breakwater-given-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [first, second] = [0, 1].map(() => renewCertificates(undefined, ['localhost'], new Date()).server);
    const [certificate, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
    const give = givenCertificates(certificate, key);
    writeFileSync(certificate, first!.certificate);
    await expect(give(new Date())).rejects.toMatchObject({ code: 'certificate-unreadable' });
    writeFileSync(key, first!.key);
    expect(await give(new Date())).toMatchObject({ key: first!.key, isShared: true });
    writeFileSync(certificate, second!.certificate);
    await expect(give(new Date())).rejects.toMatchObject({ code: 'certificate-invalid' });
    writeFileSync(key, second!.key);
    expect((await give(new Date())).certificate).toBe(second!.certificate);
    writeFileSync(key, 'nothing of a key');
    await expect(give(new Date())).rejects.toMatchObject({ code: 'certificate-invalid' });
  });
});

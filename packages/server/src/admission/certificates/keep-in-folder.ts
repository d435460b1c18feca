import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { bundleOf, type KeptCertificates } from './renew.ts';
import type { CertificateKeep } from './serving-certificates.ts';

const Kept = z.object({
  authorities: z.array(z.object({ certificate: z.string(), key: z.string().optional() })).min(1),
  server: z.object({ certificate: z.string(), key: z.string() }),
});

/** Certificates as text, and back; undefined for what is none. */
export const packCertificates = (kept: KeptCertificates): string => JSON.stringify(kept);

export function unpackCertificates(text: string): KeptCertificates | undefined {
  try {
    return Kept.safeParse(JSON.parse(text)).data as KeptCertificates | undefined;
  } catch {
    return undefined;
  }
}

/** Keeps certificates in a folder that only its owner may read, with `ca.crt` beside them for whoever has to trust us. */
export function keepInFolder(folder: string): CertificateKeep {
  const path = join(folder, 'certificates.json');
  return {
    async read() {
      const text = await readFile(path, 'utf8').catch(() => '');
      return unpackCertificates(text);
    },
    async write(kept) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeWhole(path, packCertificates(kept), 0o600);
      await writeWhole(join(folder, 'ca.crt'), bundleOf(kept), 0o644);
      return true;
    },
  };
}

async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, text, { mode });
  await rename(draft, path);
}

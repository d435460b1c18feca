import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { admissionFolder, admissionView } from '@breakwater/app/admission';
import type { AdmissionView } from '@breakwater/model';

/** What admission of a state folder decided, which snapshot it answers from, and until when its certificate lasts. */
export async function admissionState(state: string): Promise<AdmissionView> {
  const [view, until] = await Promise.all([admissionView(state), certificateEnd(join(admissionFolder(state), 'tls'))]);
  return { ...view, ...(until && { certificate: { until } }) };
}

/** The last moment of the certificate that a webhook of this machine serves with, ISO 8601; undefined where none ran. */
async function certificateEnd(folder: string): Promise<string | undefined> {
  const { keepInFolder } = await import('@breakwater/server/admission');
  const kept = await keepInFolder(folder).read();
  try {
    return kept && new X509Certificate(kept.server.certificate).validToDate.toISOString();
  } catch {
    return undefined;
  }
}

/** Entries of a zip that can be advisories. */
const JSON_ENTRY = /\.json$/i;

/** Tells from the first bytes of a file (64 KiB are plenty) whether it is one that an import takes: OSV, products of NVD, CISA's catalogue, EPSS, or a zip of OSV records. */
export function detectAdvisories(head: Uint8Array): boolean {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (bytes.length >= 4 && bytes.readUInt32BE(0) === 0x504b0304) return JSON_ENTRY.test(firstEntry(bytes));
  const text = bytes.toString('utf8').trimStart();
  if (text.startsWith('#model_version') || text.startsWith('cve,epss')) return true;
  if (!text.startsWith('{') && !text.startsWith('[')) return false;
  const record = /"modified"\s*:/.test(text) && /"(affected|schema_version|withdrawn)"\s*:/.test(text);
  const products = /"cpes?"\s*:/.test(text) && /"id"\s*:\s*"CVE-/.test(text) && /"cpe:2\.3:/.test(text);
  return record || products || (/"catalogVersion"\s*:/.test(text) && /"(vulnerabilities|dateReleased)"\s*:/.test(text));
}

/** Name in the first local header of a zip (APPNOTE 4.3.7). */
function firstEntry(bytes: Buffer): string {
  if (bytes.length < 30) return '';
  return bytes.subarray(30, 30 + bytes.readUInt16LE(26)).toString('utf8');
}

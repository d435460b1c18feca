/** Tells from the beginning of a file whether it is a VEX document: OpenVEX, CSAF, or CycloneDX with analyses. */
export function detectVex(text: string): boolean {
  const head = text.trimStart();
  if (!head.startsWith('{')) return false;
  if (/"@context"\s*:\s*"https:\/\/openvex\.dev\/ns/.test(head)) return true;
  if (/"predicateType"\s*:\s*"https:\/\/openvex\.dev\/ns/.test(head)) return true;
  if (/"document"\s*:/.test(head) && /"csaf_version"\s*:/.test(head)) return true;
  return (
    /"bomFormat"\s*:\s*"CycloneDX"/.test(head) && /"vulnerabilities"\s*:/.test(head) && /"analysis"\s*:/.test(head)
  );
}

/** Tells from the beginning of a YAML file whether it holds policies or exceptions of ours. */
export function detectPolicies(head: Uint8Array): boolean {
  return /^apiVersion:\s*["']?breakwater\/v1["']?\s*$/m.test(Buffer.from(head).toString('utf8'));
}

/** A name and its value: a property of CycloneDX, an annotation of SPDX. */
export interface BillProperty {
  name: string;
  value: string;
}

/** The pairs that have a value. */
export function listed(pairs: readonly (readonly [name: string, value?: string | undefined])[]): BillProperty[] {
  return pairs.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [{ name, value }]));
}

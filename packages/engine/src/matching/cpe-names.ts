import type { Component } from '@breakwater/model';
import type { PackageName } from './package-names.ts';

/** Ecosystem of rows that name products by CPE, `vendor:product`. */
export const CPE_ECOSYSTEM = 'NVD';

/** Products that a component may be, by its CPE names, each with the version that the CPE states. */
export function cpeNames({ cpes = [], version: own }: Component): PackageName[] {
  const names = new Map<string, PackageName>();
  for (const cpe of cpes) {
    const [prefix, edition, part, vendor, product, stated] = cpe.split(/(?<!\\):/, 6);
    if (prefix !== 'cpe' || edition !== '2.3' || part !== 'a' || vendor === undefined || product === undefined)
      continue;
    const version = stated === undefined || stated === '*' || stated === '-' ? own : unescapeCpe(stated);
    const name = unescapeCpe(`${vendor}:${product}`);
    names.set(`${name} ${version}`, {
      kind: 'binary',
      name,
      version,
      epochless: false,
      takes: { source: true, binary: true, unsaid: true },
    });
  }
  return [...names.values()];
}

/** Characters beside letters and digits are written with a backslash: `1.2\+cgr`. */
function unescapeCpe(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

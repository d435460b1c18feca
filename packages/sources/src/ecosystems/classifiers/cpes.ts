/** CPE 2.3 names of a version of products, each `vendor:product` (NIST IR 7695, 6.2: formatted strings). */
export function cpesOf(products: readonly string[], version: string): string[] {
  return products.map(
    (name) => `cpe:2.3:a:${name.split(':').map(escapePart).join(':')}:${escapePart(version)}${':*'.repeat(7)}`,
  );
}

/** Letters, digits, low lines, and, where they are not all there is, dots and hyphens stand for themselves. */
function escapePart(text: string): string {
  return text.replace(/[^\w.-]/g, '\\$&');
}

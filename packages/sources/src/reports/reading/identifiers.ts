const INSIDE = /\b(?:CVE-\d{4}-\d{4,9}|GHSA-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}|CWE-\d{1,5})\b/gi;

/** The ids that stand in some texts: those of flaws, CVEs and GHSAs first, and of weaknesses. */
export function identifiersOf(texts: string[]): { ids: string[]; weaknesses: string[] } {
  const ids = new Set<string>();
  const others = new Set<string>();
  const weaknesses = new Set<string>();
  for (const text of texts.slice(0, 1_000)) {
    const found = text.slice(0, 20_000).match(INSIDE) ?? [];
    for (const id of found) {
      if (/^CWE/i.test(id)) weaknesses.add(id.toUpperCase());
      else ids.add(canonical(id));
    }
    if (found.length === 0 && /^[\w.:/+-]{1,100}$/.test(text)) others.add(text);
  }
  return { ids: [...ids, ...others], weaknesses: [...weaknesses] };
}

/** A number as a weakness; nothing where it is none. */
export function weaknessOf(number: number | undefined): string[] {
  return number !== undefined && Number.isSafeInteger(number) && number > 0 ? [`CWE-${number}`] : [];
}

/** CVEs are written in capitals, of a GHSA only its first letters. */
function canonical(id: string): string {
  return id.toUpperCase().startsWith('CVE-') ? id.toUpperCase() : `GHSA-${id.slice(5).toLowerCase()}`;
}

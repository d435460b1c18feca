const DEEPEST = 16;
const LONGEST = 1024;
const PROPERTY = /\$\{([^${}]{1,256})\}/g;

/**
 * A text with its `${properties}` put in, those that properties stand for too. A property that is not known, or leads
 * back to itself, stays as it is written.
 */
export function interpolate(text: string, propertyOf: (name: string) => string | undefined): string {
  let expanded = text.slice(0, LONGEST);
  for (let depth = 0; depth < DEEPEST && expanded.includes('${'); depth++) {
    const next = expanded
      .replace(PROPERTY, (whole, name: string) => propertyOf(name.trim()) ?? whole)
      .slice(0, LONGEST);
    if (next === expanded) break;
    expanded = next;
  }
  return expanded.trim();
}

/** Whether a property could not be put in. */
export function isOpen(text: string): boolean {
  return text.includes('${');
}

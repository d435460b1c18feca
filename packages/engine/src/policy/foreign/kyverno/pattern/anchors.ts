export type AnchorKind = 'condition' | 'global' | 'equality' | 'existence' | 'negation' | 'addition';

/** A key of a pattern, `=(name)`: what it asks for, and the key without it. */
export interface PatternKey {
  /** Undefined for a key without an anchor. */
  anchor: AnchorKind | undefined;
  key: string;
}

const KINDS: Readonly<Record<string, AnchorKind>> = {
  '': 'condition',
  '<': 'global',
  '=': 'equality',
  '^': 'existence',
  X: 'negation',
  '+': 'addition',
};

const ANCHOR = /^([<=^X+]?)\(([\s\S]+)\)$/;

/** Reads a key of a pattern. */
export function parsePatternKey(written: string): PatternKey {
  const match = ANCHOR.exec(written);
  if (match === null) return { anchor: undefined, key: written };
  const [, sign = '', key = ''] = match;
  return { anchor: KINDS[sign], key };
}

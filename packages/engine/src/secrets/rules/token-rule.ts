/** A secret that shows what it is by its own form. */
export interface TokenRule {
  /** `github-token`. */
  rule: string;
  /** Texts of which one stands in every such secret; letter case counts. */
  anchors: readonly string[];
  /** The secret from its anchor on, sticky. */
  body: RegExp;
  /** Characters of the secret before the anchor, as an expression that matches up to their end. */
  before?: { length: number; form: RegExp /** More of the same may stand before them. */; open?: true };
  /** Bits a character that the secret has at least. */
  entropy: number;
  /** What the line must speak of, where the form alone is too common. */
  context?: RegExp;
}

interface Details {
  entropy?: number;
  before?: TokenRule['before'];
  context?: RegExp;
}

/** A rule: `body` follows the anchor and is written without it. */
export function token(rule: string, anchors: string, body: string, details: Details = {}): TokenRule {
  return { rule, anchors: anchors.split(' '), body: new RegExp(body, 'y'), entropy: 3, ...details };
}

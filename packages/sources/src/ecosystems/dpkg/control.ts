/** Fields of one paragraph, with the line on which it begins. */
export interface Paragraph {
  fields: Map<string, string>;
  line: number;
}

export interface ControlFile {
  paragraphs: Paragraph[];
  /** One-based numbers of lines that are no field and no continuation. */
  oddLines: number[];
}

/**
 * Splits a control file (Debian policy 5.1) into paragraphs. Only first lines of the wanted fields are kept; names of
 * fields are compared without case.
 */
export function parseControl(text: string, wanted: ReadonlySet<string>): ControlFile {
  const paragraphs: Paragraph[] = [];
  const oddLines: number[] = [];
  let current: Paragraph | undefined;
  let line = 0;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    line += 1;
    const first = text.charCodeAt(start);
    if (end === start || (first === 13 && end === start + 1)) {
      current = undefined;
    } else if (first !== 32 && first !== 9) {
      const colon = text.indexOf(':', start);
      if (colon === -1 || colon >= end || colon === start) oddLines.push(line);
      else {
        if (current === undefined) {
          current = { fields: new Map(), line };
          paragraphs.push(current);
        }
        const name = text.slice(start, colon).toLowerCase();
        if (wanted.has(name)) current.fields.set(name, text.slice(colon + 1, end).trim());
      }
    }
    start = end + 1;
  }
  return { paragraphs, oddLines };
}

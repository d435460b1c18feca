/** Orders two runs of decimal digits by their value, however long they are. An empty run is 0. */
export function compareDigits(a: string, b: string): number {
  const left = withoutLeadingZeros(a);
  const right = withoutLeadingZeros(b);
  if (left.length !== right.length) return left.length - right.length;
  return compareText(left, right);
}

/** Orders two strings by code unit, as C's `strcmp` does for ASCII. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Whether a string is decimal digits and nothing else; false when it is empty. */
export function isDigits(text: string): boolean {
  return /^[0-9]+$/.test(text);
}

function withoutLeadingZeros(digits: string): string {
  let start = 0;
  while (start < digits.length && digits.charCodeAt(start) === 48) start++;
  return start === 0 ? digits : digits.slice(start);
}

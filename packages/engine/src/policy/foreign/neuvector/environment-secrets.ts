/** Shapes of credentials that are known by their beginning. Each takes time linear in the text. */
const SHAPES: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,20}PRIVATE KEY/,
  /\b(?:AKIA|ASIA|AROA)[0-9A-Z]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{36}/,
  /\bgithub_pat_[A-Za-z0-9_]{22}/,
  /\bglpat-[A-Za-z0-9_-]{20}/,
  /\bxox[abeprs]-[A-Za-z0-9-]{10}/,
  /https:\/\/hooks\.slack\.com\/(?:services|workflows)\/\w/,
  /\bAIza[0-9A-Za-z_-]{35}/,
  /\bSG\.[A-Za-z0-9_-]{16}/,
  /\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16}/,
  /\bkey-[0-9a-zA-Z]{32}/,
  /\bnpm_[A-Za-z0-9]{36}/,
  /\beyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10}/,
  /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]{1,100}:[^\s:/@]{3,200}@/,
];

const NAMED = /(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|CREDENTIALS?)$/i;
/** Longer than a word, and neither a path nor a reference to another variable. */
const VALUE = /^(?!\/|\$\(|true$|false$).{6,}$/s;

/** Longest value that is looked at: keys are shorter. */
const MOST_CHARACTERS = 10_000;

/** Whether a variable of the environment holds a credential in plain text. */
export function holdsSecret(name: string, value: string): boolean {
  const text = value.slice(0, MOST_CHARACTERS);
  return SHAPES.some((shape) => shape.test(text)) || (NAMED.test(name) && VALUE.test(text));
}

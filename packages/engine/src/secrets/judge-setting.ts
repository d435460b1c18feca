import { entropyOf } from './entropy.ts';
import { isPlaceholder } from './placeholders.ts';
import { vendorRules } from './rules/vendors.ts';

/** Why a value is held for a secret. */
export interface Judgement {
  rule: string;
}

/** Words in a name that speak of a secret; `key` and `auth` alone do so only with a value to match. */
const strongName =
  /pass(?:word|wd|phrase|code)?(?:$|[^a-z])|passwd|password|passphrase|secret|token|api[-_.]?key|access[-_.]?key|private[-_.]?key|credential|creds(?:$|[^a-z])|client[-_.]?secret|[-_.]pwd$|^pwd$|_pw$|connection[-_.]?string|dsn$/i;
const weakName =
  /(?:^|[-_.])(?:key|auth|access|api)(?:$|[-_.])|key$|auth$|apikey|(?:^|[a-z])(?:Key|Auth|Api)|(?:^|[-_.])pat$/;

/** Names that speak of something about a secret: its place, its name, its age, its user. */
const aboutSecret =
  /(?:[-_.]?(?:file|path|dir|folder|name|names|url|uri|endpoint|host|port|id|ids|ref|refs|length|size|count|limit|ttl|expiry|expires?|expiration|timeout|age|days|hours|minutes|seconds|type|kind|algorithm|alg|policy|rotation|enabled?|disabled?|provider|store|mount|prefix|suffix|header|field|format|version|issuer|audience|scopes?|class|backend|source|engine|reviewer?|reset|hint|label|tag|email|user|username|hash|checksum|sha\d*|index|map|list|mode|cost|rounds|template|fingerprint|serial|namespace|annotation))s?$|^(?:public|pub|primary|foreign|sort|partition|cache|row|idx|hot|routing|ssh[-_]?authorized)[-_.]?key|public[-_.]?key|(?:^|[-_.])(?:max|min|use|allow|enable|disable|require|no|has|is|keep|rotate|reset|show|hide|missing|existing|empty|skip)[-_.]|existingSecret|secretName|keyRef|tokenize|tokeniz|monkey|turkey|keyboard|keycloak$|key(?:word|space|pair|ring|store|value|code|frame|selector|usage|vault)s?$|author|Idx?Key/i;

/** What tells how to connect is a secret where it holds one. */
const connection = /connection[-_.]?string$|dsn$/i;
const inConnection = /(?:pass(?:word|wd)?|pwd|accountkey|sharedaccesskey|sig)=[^;&\s]{3,}|:[^:/@\s]{3,}@/i;

/** Values that name code, versions, addresses, dates and the like. */
const ordinary =
  /^(?:https?|ftp|tcp|udp|unix|grpc|wss?|amqp|redis|s3|gs|oci|docker|file|git|ssh):\/\/[^@]*$|^v?\d+(?:\.\d+)+|^\d{1,15}$|^\d+[a-z]{1,3}$|^\d{4}-\d\d-\d\d|^[a-z]+(?:[-_ ][a-z]+)+$|^[\w-]+\/[\w./-]+(?::[\w.-]+)?$|^sha(?:1|256|512)[:-]|^[\w.+-]+@[\w-]+\.[\w.]+$|^--?\w/i;
/** Names of hosts and packages, which nobody writes in capitals, with a path behind them. */
const dotted = /^[a-z][a-z0-9_-]*(?:\.[a-z0-9][a-z0-9_-]*)+(?::\d+)?(?:\/.*)?$/;

const anyVendor = new RegExp(vendorRules.flatMap(({ words }) => words).join('|'), 'i');

/** Whether a name may be a secret's at all: a quick look before the value is read. */
export function maySetSecret(name: string): boolean {
  return strongName.test(name) || weakName.test(name) || anyVendor.test(name);
}

/**
 * Judges a setting: a variable, a key of a file, an argument. `declared` is true where the name is the setting's own (an
 * environment variable, a key of a ConfigMap): there short passwords count too, elsewhere only what looks made by chance.
 */
export function judgeSetting(name: string, value: string, declared: boolean): Judgement | undefined {
  if (value.length < 4 || value.length > 4096 || !maySetSecret(name) || isPlaceholder(value)) return undefined;
  const vendor = vendorOf(name, value);
  if (vendor !== undefined) return { rule: vendor };
  const strong = strongName.test(name);
  if (!strong && !weakName.test(name)) return undefined;
  if (aboutSecret.test(lastPart(name))) return undefined;
  if (connection.test(name)) return inConnection.test(value) ? { rule: 'password-in-address' } : undefined;
  if (declared && strong) return isWrittenPassword(value) ? { rule: 'password' } : undefined;
  if (!strong && (value.match(/\d/g) ?? []).length < 3 && !/[a-z].*[A-Z]|[A-Z].*[a-z]/.test(value)) return undefined;
  return isMadeByChance(value) && !name.includes(value) ? { rule: 'generic-secret' } : undefined;
}

function vendorOf(name: string, value: string): string | undefined {
  const lower = name.toLowerCase();
  return vendorRules.find(
    ({ words, form, entropy }) =>
      words.some((word) => lower.includes(word)) &&
      form.test(value) &&
      entropyOf(value) >= entropy &&
      !isUsage(name, value),
  )?.rule;
}

/** A digest or a version beside a vendor's name is no credential, nor is a word. */
function isUsage(name: string, value: string): boolean {
  return /^[a-z]+$/i.test(value) || /version|commit|revision|sha|digest|checksum|hash/i.test(name);
}

/** What stands behind the last blank: the name itself where others stand before it. */
function lastPart(name: string): string {
  return name.trim().split(/\s+/).at(-1) ?? '';
}

/** What somebody would type as a password: no address, no sentence, no number. */
function isWrittenPassword(value: string): boolean {
  return (
    !/\s/.test(value) && !/^(?:\d{1,3}|[a-z]+:\/\/[^@]*)$/i.test(value) && !/^(?:[\w-]+\.){2,}[a-z]{2,10}$/i.test(value)
  );
}

/** Letters and digits in no order that anybody would write. */
function isMadeByChance(value: string): boolean {
  if (value.length < 10 || value.length > 150) return false;
  if (!/^[\w.=+/~-]+$/.test(value) || !/\d/.test(value) || !/[a-z]/i.test(value)) return false;
  return !ordinary.test(value) && !dotted.test(value) && entropyOf(value) >= 3.4;
}

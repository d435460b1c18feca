/** Words that stand where a secret would, in whatever spelling. */
const words =
  /^(?:null|nil|none|undefined|unset|empty|true|false|yes|no|on|off|n\/?a|todo|tbd|fixme|redacted|hidden|masked|secret|password|passwd|pass|token|key|apikey|value|string|optional|required|default|disabled|enabled|auto|generated?|random|prompt|file|env|vault|sops|kms)$/i;
const partly =
  /change[-_ ]?(?:me|it|this)|replace[-_ ]?(?:me|with|this)|(?:^|[^a-z])your[-_ ]|<[^>]+>|place[-_ ]?holder|dummy|example|sample|insert[-_ ]|put[-_ ]|enter[-_ ]|(?:set|filled|provided|supplied|injected)[-_ ](?:in[-_ ])?(?:by|at|during)[-_ ]|redacted|not[-_ ]?(?:a[-_ ]|the[-_ ])?(?:real|secret|used)|x{4,}|X{4,}|\*{3,}|\.{3,}|_{6,}|-{6,}|abcdefgh|0{8,}/i;
/** What a tool puts a value into: `${NAME}`, `$(NAME)`, `$NAME`, `{{ .Values.x }}`, `%NAME%`, `<%= %>`, `#{x}`, `@x@`. */
const filledIn = /\$\{|\$\(|^\$[A-Za-z_]\w*$|\{\{|^%[\w.]+%$|<%|#\{|^@[\w.]+@$|^\[\[|^!(?:Ref|Sub|GetAtt)\b/;
/** What names another place where the secret is kept. */
const elsewhere =
  /^(?:var|local|module|data|each|random_\w+|aws_\w+|azurerm_\w+|google_\w+)\.\w|^(?:vault|secretref|ref|arn:aws:(?:secretsmanager|ssm)|awssm|gcpsm|projects\/[^/]+\/secrets|op|keyvault|file|env|ssm)[:/]|^@Microsoft\.KeyVault|^ENC\[|^AgA|^pkcs7|^!vault|^\$ANSIBLE_VAULT|^\/|^~\/|^\.{1,2}\//i;

/** `DB_PASSWORD_VALUE`: a name for what is to be put there. */
const constant = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;

/** Whether a text only stands where a secret would: a word, a template's action, the name of a place. */
export function isPlaceholder(value: string): boolean {
  return (
    words.test(value) ||
    constant.test(value) ||
    filledIn.test(value) ||
    elsewhere.test(value) ||
    partly.test(value) ||
    isMonotone(value)
  );
}

/** `aaaaaa`, `12345678`, `abababab`: hardly any characters for the length. */
function isMonotone(value: string): boolean {
  const different = new Set(value.toLowerCase().replace(/[-_.]/g, '')).size;
  return value.length >= 4 && (different < 3 || (value.length >= 20 && different < 5));
}

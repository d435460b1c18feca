import type { Dockerfile } from '@breakwater/model';
import { findSecrets } from '../find-secrets.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { judgeSetting } from '../judge-setting.ts';

/** A secret that a build recipe writes into an image. */
export interface RecipeSecret {
  /** `copied-file`, or the rule that found it in the text. */
  rule: string;
  /** The file or the variable. */
  name: string;
  /** "copies secret.txt into the image, where it stays in its layer though a later step removes it". */
  words: string;
  line: number;
  fingerprint: string;
}

/** Files that are secrets by their names. */
const secretFile =
  /^(?:\.env(?:\.(?!example|sample|template|dist)[\w-]+)?|\.npmrc|\.netrc|_netrc|\.pypirc|\.git-credentials|\.dockercfg|\.htpasswd|\.pgpass|\.my\.cnf|\.git|\.ssh|\.aws|kubeconfig|id_(?:rsa|dsa|ecdsa|ed25519)|(?:secrets?|credentials?|passwords?|tokens?)(?:\.(?:txt|ya?ml|json|env|ini|properties|xml|conf))?|service[-_]?account[\w-]*\.json|[\w.-]+\.(?:key|p12|pfx|jks|kdbx|ppk))$/i;
const ordinaryKey = /(?:public|pub|repo|archive|signing|release|gpg|apt|keyring)/i;

/** Settings, texts and copied files of a recipe that are secrets. A file that a later step removes stays in its layer. */
export function recipeSecretsIn({ path, instructions }: Dockerfile): RecipeSecret[] {
  return instructions.flatMap(({ keyword, value, line }, at): RecipeSecret[] => {
    if (keyword === 'ENV' || keyword === 'ARG') return settingSecrets(keyword, value, line);
    if (keyword === 'COPY' || keyword === 'ADD') {
      const later = instructions.slice(at + 1).filter((each) => each.keyword === 'RUN');
      return copiedFiles(value).map((file) => {
        const removed = later.some((each) => each.value.includes('rm ') && each.value.includes(file));
        const stays = removed ? ', where it stays in its layer though a later step removes it' : '';
        return {
          rule: 'copied-file',
          name: file,
          words: `copies ${file} into the image${stays}`,
          line,
          fingerprint: fingerprintOf(`${path} ${file}`),
        };
      });
    }
    return findSecrets(value).map(({ rule, fingerprint, name }) => ({
      rule,
      name: name ?? keyword,
      words: `writes a secret (${rule}) in a ${keyword} of its recipe`,
      line,
      fingerprint,
    }));
  });
}

/** `NAME=value NAME="value"`, and the old `NAME value`. */
function settingSecrets(keyword: string, text: string, line: number): RecipeSecret[] {
  const pairs = [...text.matchAll(/([A-Za-z_]\w{0,99})=(?:"([^"]{0,4000})"|'([^']{0,4000})'|(\S{0,4000}))/g)].map(
    ([, name = '', double, single, bare]): [string, string] => [name, double ?? single ?? bare ?? ''],
  );
  const old = /^([A-Za-z_]\w*)[ \t]+(\S+)$/.exec(text.trim());
  if (pairs.length === 0 && old !== null) pairs.push([old[1]!, old[2]!]);
  return pairs.flatMap(([name, value]): RecipeSecret[] => {
    const judged = judgeSetting(name, value, true);
    if (judged === undefined) return [];
    const words = `sets ${name} in plain text by ${keyword} of its recipe`;
    return [{ rule: judged.rule, name, words, line, fingerprint: fingerprintOf(value) }];
  });
}

function copiedFiles(text: string): string[] {
  const words = text.startsWith('[')
    ? [...text.matchAll(/"([^"]*)"/g)].map(([, word = '']) => word)
    : text.split(/\s+/);
  const sources = words.filter((word) => !word.startsWith('--')).slice(0, -1);
  return sources
    .map((source) => source.replace(/\/$/, '').split('/').at(-1)!)
    .filter((file) => secretFile.test(file) && !ordinaryKey.test(file));
}

const piped = /\b(?:curl|wget)\b[^|\n]{0,400}\|\s{0,3}(?:sudo\s{1,3})?(?:\/\S{0,20}\/)?(?:ba|da|z|a)?sh\b/;

/** Lines on which a recipe downloads something and has a shell run it: what an address gives on that day. */
export function pipedDownloads({ instructions }: Dockerfile): number[] {
  return instructions.filter(({ keyword, value }) => keyword === 'RUN' && piped.test(value)).map(({ line }) => line);
}

/** Files that hold private keys in a form of their own, by their names. */
const files: readonly (readonly [rule: string, path: RegExp])[] = [
  ['pkcs12-file', /\.(p12|pfx)$/i],
  ['java-key-store', /\.(jks|keystore|bcfks)$/i],
  ['keepass-file', /\.kdbx?$/i],
];

/** What a file is by its name, where its content is no text; undefined for all others. */
export function keyFileOf(path: string): string | undefined {
  return files.find(([, pattern]) => pattern.test(path))?.[0];
}

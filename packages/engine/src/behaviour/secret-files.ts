/** Password files, which programs for logins read. */
export const PASSWORDS = /^\/etc\/(?:g?shadow|master\.passwd|security\/opasswd)(?:-|$)/;
/** What opens something to whoever holds it. */
export const SECRETS =
  /\/\.(?:ssh|aws|azure|kube|gnupg|gcloud)\/|\/\.docker\/config\.json$|\/\.(?:git-credentials|netrc|pgpass|my\.cnf|npmrc|pypirc|vault-token)$|\/id_(?:rsa|dsa|ecdsa|ed25519|\*)$|^\/run\/secrets\/|^\/proc\/(?:[^/]+\/)+environ$|^\/etc\/kubernetes\/.*(?:\.key|\.conf)$|^\/etc\/ssl\/private\//;

/** Whether a file opens something to whoever reads it, by its path. */
export const isSecretFile = (path: string): boolean => PASSWORDS.test(path) || SECRETS.test(path);

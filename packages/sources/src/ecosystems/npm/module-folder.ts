/** Folders in which Node.js looks for packages: `node_modules`, and those in which Debian and its kin put theirs. */
const MODULES = /(?:^|\/)(?:node_modules|usr\/(?:share|lib)\/nodejs)\//;
const PACKAGE = /(?:^|\/)(?:node_modules|usr\/(?:share|lib)\/nodejs)\/(?:@[^/]+\/)?[^/@.][^/]*\/package\.json$/;

/** Whether a file lies in an installed package: a lock file there tells how that package was made, not what is installed. */
export function isInModules(path: string): boolean {
  return MODULES.test(path);
}

/** Whether it is the `package.json` of an installed package; those deeper inside a package are of no package. */
export function isPackageManifest(path: string): boolean {
  return PACKAGE.test(path);
}

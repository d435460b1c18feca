import type { EcosystemContext, Inventory } from '../ecosystem.ts';
import { isIdentity } from '../purl-of.ts';
import { npmComponent, readLicences } from './npm-component.ts';

/** The package whose `package.json` this is: it owns everything in its folder. */
export function readInstalledPackage(
  content: Record<string, unknown>,
  path: string,
  context: EcosystemContext,
  { components, unknowns }: Inventory,
): void {
  const { name, version } = content;
  if (typeof name !== 'string' || typeof version !== 'string' || !isIdentity(name) || !isIdentity(version)) {
    // Private folders and fixtures below node_modules state neither; only half an identity is a fact that is missing.
    if (name === undefined || version === undefined) return;
    const message = 'A package has no usable name or version';
    unknowns.push({ code: 'package-incomplete', message, place: { source: context.target, path: `/${path}` } });
    return;
  }
  components.push(
    npmComponent({
      name,
      version,
      licences: readLicences(content['license'], content['licenses']),
      path,
      scope: 'installed',
      development: false,
      files: [`/${path.slice(0, path.lastIndexOf('/') + 1)}`],
    }),
  );
}

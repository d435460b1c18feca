import { childrenOf, childText, type XmlElement } from '../../ecosystems/xml/read-xml.ts';

/** Elements that hold a list of like elements. */
const LISTS: ReadonlySet<string> = new Set([
  ...['components', 'externalReferences', 'hashes', 'occurrences', 'properties', 'services'],
  ...['vulnerabilities', 'affects', 'ratings', 'references', 'versions'],
]);
const NAMESPACE = /\/schema\/bom(?:-|\/)(\d\.\d)/;

/**
 * A CycloneDX document in XML, 1.0 to 1.7, with the fields as JSON has them: attributes and elements are fields, what
 * the specification has as lists are arrays. Elements that occur more than once otherwise keep the first.
 */
export function cycloneDxFromXml(root: XmlElement): Record<string, unknown> {
  return { ...objectFrom(root), specVersion: NAMESPACE.exec(root.attributes.get('xmlns') ?? '')?.[1] ?? '1.7' };
}

function objectFrom({ name, attributes, children, text }: XmlElement): Record<string, unknown> {
  const fields = new Map<string, unknown>();
  for (const [key, value] of attributes) if (!key.startsWith('xmlns')) fields.set(key, value);
  for (const child of children) if (!fields.has(child.name)) fields.set(child.name, valueFrom(child));
  if (text !== '' && children.length === 0) fields.set(name === 'property' ? 'value' : 'content', text);
  return Object.fromEntries(fields);
}

function valueFrom(element: XmlElement): unknown {
  if (element.name === 'dependencies') return element.children.map(dependencyFrom);
  if (element.name === 'licenses') return element.children.map(licenceFrom);
  if (LISTS.has(element.name)) return element.children.map(objectFrom);
  // Lists of another name are left as text: nothing reads them.
  return element.children.length === 0 && element.attributes.size === 0 ? element.text : objectFrom(element);
}

function dependencyFrom(element: XmlElement): unknown {
  const dependsOn = childrenOf(element, 'dependency').flatMap(({ attributes }) => attributes.get('ref') ?? []);
  return { ref: element.attributes.get('ref'), dependsOn };
}

function licenceFrom(element: XmlElement): unknown {
  if (element.name === 'expression') return { expression: element.text };
  return { license: { id: childText(element, 'id'), name: childText(element, 'name') } };
}

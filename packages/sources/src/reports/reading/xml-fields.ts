import { readXml, type XmlElement } from '../../ecosystems/xml/read-xml.ts';
import { Entry } from './entry.ts';

/** The fields of an XML element: lists of its children by name, `@name` for attributes, `#text` for what stands in it. */
type XmlFields = Record<string, unknown>;

/** The root of an XML document and its fields; undefined where it is none. Entities are never declared: see `readXml`. */
export function readXmlFields(text: string): Entry | undefined {
  const root = readXml(text);
  return root && new Entry({ [root.name]: [fieldsOf(root)] });
}

function fieldsOf({ attributes, children, text }: XmlElement): XmlFields {
  const fields = Object.create(null) as XmlFields;
  if (text !== '') fields['#text'] = text;
  for (const [name, value] of attributes) fields[`@${name}`] = value;
  for (const child of children) {
    const known = fields[child.name];
    if (Array.isArray(known)) known.push(fieldsOf(child));
    else fields[child.name] = [fieldsOf(child)];
  }
  return fields;
}

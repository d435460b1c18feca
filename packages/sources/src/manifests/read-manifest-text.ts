import type { Json, ManifestObject, Place, Unknown } from '@breakwater/model';
import { classifyDocument, hasTemplateActions, isMapping, type Mapping } from './classify-document.ts';
import { isClusterScoped } from './cluster-scope.ts';
import { fragmentReason } from './fragment.ts';
import { readKustomization } from './kustomization.ts';
import type { FileDocument, FileRead } from './manifest-read.ts';
import { isNodeConfiguration } from './node-configuration.ts';
import { type DocumentFault, type ParsedDocument, parseJsonDocument, parseYamlDocuments } from './parse-documents.ts';

/** A file as it is handed to the parser. */
export interface ManifestText {
  /** Path as places name it. */
  source: string;
  text: string;
  /** In the `templates` folder of a Helm chart: then `{{` means that it is not rendered. */
  inChart: boolean;
  /** Called before anything reads the text but the reader of plain lines. */
  beforeParsing?: () => void;
}

const MAX_LIST_DEPTH = 4;
const MAX_FAULTS = 20;
/** Keys that a JSON file has at least one of, if it is anything that is read here. */
const RELEVANT_JSON =
  /"(?:apiVersion|containerDefinitions|taskDefinition|Resources|planned_values|services|container|containers|apps|groups|cmd|op)"\s*:/;

/**
 * Turns the text of one file into objects, patches and unknowns. Pure, and safe to call with a stranger's text: it is what
 * runs behind the wall.
 */
export function readManifestText({ source, text, inChart, beforeParsing }: ManifestText): FileRead {
  const read: FileRead = { objects: [], patches: [], documents: [], patchFiles: [], unknowns: [] };
  // No document holds it: a program, a picture, an archive.
  if (text.includes('\0')) return { ...read, kind: 'other' };
  const json = /\.json$/i.test(source);
  const templated = hasTemplateActions(text);
  if (inChart && templated) return unrendered(read, source);
  if (json && !RELEVANT_JSON.test(text)) return { ...read, kind: 'other' };
  const { documents, faults, isPlain } = json
    ? parseJsonDocument(text, beforeParsing)
    : parseYamlDocuments(text, beforeParsing);
  if (templated && faults.length > 0) return unrendered(read, source);
  if (isPlain) read.isPlain = true;
  addFaults(read, faults, source);
  for (const document of documents) readDocument(read, document, source);
  if (templated && [...read.objects, ...read.patches].some(isTemplated)) {
    return unrendered({ ...read, objects: [], patches: [] }, source);
  }
  return read;
}

function unrendered(read: FileRead, source: string): FileRead {
  const message = `${source} is a template: what it makes depends on values that are not here`;
  const hint =
    'A chart is rendered where helm is in the PATH (https://helm.sh/docs/intro/install/); else read its output.';
  const unknown: Unknown = { code: 'template-unrendered', message, place: { source }, hint };
  return { ...read, kind: 'helm-template', unknowns: [...read.unknowns, unknown] };
}

/* Names and images decide: alert rules and config maps rightly hold `{{` in their texts. */
function isTemplated({ name, namespace, kind, object }: ManifestObject): boolean {
  if ([name, namespace, kind].some(hasTemplateActions)) return true;
  return /"image":"[^"]*\{\{/.test(JSON.stringify(object['spec'] ?? null));
}

function addFaults(read: FileRead, faults: DocumentFault[], source: string): void {
  for (const { code, message, document, line, column } of faults.slice(0, MAX_FAULTS)) {
    read.unknowns.push({ code, message: faultMessage(code, message), place: { source, document, line, column } });
  }
  if (faults.length > MAX_FAULTS) {
    const message = `${faults.length - MAX_FAULTS} more documents of ${source} could not be read`;
    read.unknowns.push({ code: 'yaml-invalid', message, place: { source } });
  }
}

function faultMessage(code: DocumentFault['code'], reason: string): string {
  if (code === 'yaml-duplicate-key') return 'A key stands twice; the last one was read, as an API server would';
  if (code === 'document-too-large') return `The document is not read: ${reason}`;
  return `Not valid ${code === 'json-invalid' ? 'JSON' : 'YAML'}: ${reason}`;
}

function readDocument(read: FileRead, document: ParsedDocument, source: string): void {
  const { value } = document;
  if (value === null || value === undefined) return;
  const kind = classifyDocument(value, source);
  if (kind === 'kubernetes') {
    readObject(read, value as Mapping, { source, document: document.index, line: document.line }, 0);
    return;
  }
  read.kind ??= kind;
  if (kind === 'compose' || kind === 'ecs' || kind === 'marathon') {
    addPlatformDocument(read, kind, document, source);
  }
  if (kind === 'infrastructure') read.unknowns.push(unreadInfrastructure(source));
  if (kind === 'kustomization') {
    const { patchFiles, unknowns, ...kustomization } = readKustomization(value as Mapping, source);
    read.kustomization = kustomization;
    read.patchFiles.push(...patchFiles);
    read.unknowns.push(...unknowns);
  }
}

function unreadInfrastructure(source: string): Unknown {
  return {
    code: 'format-unsupported',
    message: `${source} defines what runs in ECS in a language that is not read: it was not judged`,
    place: { source },
    hint: 'Give the task definitions themselves: aws ecs describe-task-definition --task-definition FAMILY',
  };
}

const MAX_DEPTH = 100;

function addPlatformDocument(
  read: FileRead,
  kind: FileDocument['kind'],
  { index, line, value }: ParsedDocument,
  source: string,
): void {
  if (isWithin(value, MAX_DEPTH)) {
    read.documents.push({ kind, document: index, line, value: value as Json });
    return;
  }
  const message = faultMessage('document-too-large', `nested deeper than ${MAX_DEPTH} levels`);
  read.unknowns.push({ code: 'document-too-large', message, place: { source, document: index, line } });
}

function isWithin(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((child) => isWithin(child, depth - 1));
}

function readObject(read: FileRead, value: Mapping, place: Place, depth: number): void {
  const { apiVersion, kind } = value;
  if (typeof kind !== 'string' || kind === '') {
    read.unknowns.push({ code: 'kind-missing', message: 'An object with apiVersion names no kind', place });
    return;
  }
  if (kind.endsWith('List') && Array.isArray(value['items']) && depth < MAX_LIST_DEPTH) {
    const inherited = kind === 'List' ? {} : { apiVersion, kind: kind.slice(0, -'List'.length) };
    readItems(read, value['items'], inherited, place, depth);
    return;
  }
  const object = namedObject(value, place);
  if ('code' in object) {
    read.unknowns.push(object);
    return;
  }
  const reason = fragmentReason(object);
  (reason === undefined ? read.objects : read.patches).push(object);
}

function readItems(read: FileRead, items: unknown[], inherited: Mapping, place: Place, depth: number): void {
  items.forEach((item, index) => {
    const pointer = [...(place.pointer ?? []), 'items', index];
    if (isMapping(item)) {
      const complete = item['kind'] === undefined ? { ...inherited, ...item } : item;
      readObject(read, complete, { ...place, pointer }, depth + 1);
      return;
    }
    read.unknowns.push({
      code: 'object-invalid',
      message: 'An item of a list is no object',
      place: { ...place, pointer },
    });
  });
}

function namedObject(value: Mapping, place: Place): ManifestObject | Unknown {
  const apiVersion = typeof value['apiVersion'] === 'string' ? value['apiVersion'] : '';
  const kind = value['kind'] as string;
  const metadata = isMapping(value['metadata']) ? value['metadata'] : {};
  const ofNode = isNodeConfiguration(value);
  const name = metadata['name'] ?? metadata['generateName'] ?? (ofNode ? kind : undefined);
  if (typeof name !== 'string' || name === '') {
    const message = `${kind} has no metadata.name${name === undefined || name === '' ? '' : ' that is a text'}, so it could not be applied`;
    return { code: 'object-unnamed', message, place };
  }
  const stated =
    typeof metadata['namespace'] === 'string' && metadata['namespace'] !== '' ? metadata['namespace'] : undefined;
  const namespace = ofNode || isClusterScoped(kind, stated, apiVersion) ? '' : (stated ?? 'default');
  const object = value as ManifestObject['object'];
  return { apiVersion, kind, namespace, name, cluster: 'default', object, place };
}

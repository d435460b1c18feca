import { fieldOf, isWrittenList, isWrittenMap, type Written } from '../written.ts';

/** An app or pod with its whole id: `/shop/cart`. */
export interface MarathonRun {
  id: string;
  kind: 'app' | 'pod';
  written: Written;
}

const MAX_DEPTH = 32;

/**
 * Apps and pods of a document: one of them, a list, a group with groups in it, or what the API answers. Ids that do not begin
 * with a slash are relative to their group.
 *
 * @param onTooDeep is given what is nested deeper than anybody nests groups, and is left out.
 */
export function appsOf(root: Written, onTooDeep: (left: Written) => void, parent = '/', depth = 0): MarathonRun[] {
  if (depth > MAX_DEPTH) {
    onTooDeep(root);
    return [];
  }
  if (isWrittenList(root)) return root.value.flatMap((item) => appsOf(item, onTooDeep, parent, depth + 1));
  if (!isWrittenMap(root)) return [];
  const answered = fieldOf(root, 'app') ?? fieldOf(root, 'pod') ?? fieldOf(root, 'spec');
  if (isWrittenMap(answered) && fieldOf(root, 'id') === undefined)
    return appsOf(answered, onTooDeep, parent, depth + 1);
  const id = resolveId(fieldOf(root, 'id')?.value, parent);
  const members = ['apps', 'groups', 'pods'].map((key) => fieldOf(root, key)).filter(isWrittenList);
  if (members.length > 0)
    return members.flatMap((list) => list.value.flatMap((item) => appsOf(item, onTooDeep, id, depth + 1)));
  if (isWrittenList(fieldOf(root, 'containers'))) return [{ id, kind: 'pod', written: root }];
  const runs = ['cmd', 'args', 'container'].some((key) => fieldOf(root, key) !== undefined);
  return runs ? [{ id, kind: 'app', written: root }] : [];
}

function resolveId(value: unknown, parent: string): string {
  const own = typeof value === 'string' ? value : '';
  if (own.startsWith('/')) return own;
  return `${parent === '/' ? '' : parent}/${own}`;
}

/** A JMESPath expression. Projections carry what is applied to each of their elements. */
export type Node =
  | { kind: 'current' }
  | { kind: 'field'; name: string }
  | { kind: 'literal'; value: unknown }
  | { kind: 'index'; index: number }
  | { kind: 'chain'; left: Node; right: Node }
  | { kind: 'pipe'; left: Node; right: Node }
  | { kind: 'or' | 'and'; left: Node; right: Node }
  | { kind: 'not'; operand: Node }
  | { kind: 'compare'; operator: Comparator; left: Node; right: Node }
  | { kind: 'project'; source: Node; right: Node }
  | { kind: 'project-values'; source: Node; right: Node }
  | { kind: 'flatten'; source: Node }
  | { kind: 'filter'; source: Node; condition: Node; right: Node }
  | { kind: 'slice'; source: Node; start: number | undefined; stop: number | undefined; step: number | undefined }
  | { kind: 'list'; items: readonly Node[] }
  | { kind: 'hash'; entries: readonly (readonly [key: string, value: Node])[] }
  | { kind: 'call'; name: string; operands: readonly Node[] }
  | { kind: 'reference'; expression: Node };

export type Comparator = '==' | '!=' | '<' | '<=' | '>' | '>=';

import type { EntryNode, Node } from './ast.ts';
import type { Evaluator, Frame } from './frame.ts';
import { addEntry } from './maps.ts';
import { CelError, CelMap, Failure, mergeFailures, noSuchOverload, Optional, type Value } from './values.ts';

type Compile = (node: Node) => Evaluator;

/** Price of making a list or a map. */
export const LIST_PRICE = 10;
export const MAP_PRICE = 30;

/** `[a, ?b]`. */
export function compileList(
  nodes: readonly Node[],
  optional: ReadonlySet<number> | undefined,
  compile: Compile,
): Evaluator {
  if (optional === undefined && nodes.every((node) => node.kind === 'literal')) {
    const constant = nodes.map((node) => (node.kind === 'literal' ? node.value : null));
    return (frame) => {
      frame.cost += LIST_PRICE;
      return constant;
    };
  }
  const elements = nodes.map(compile);
  return (frame) => {
    frame.cost += LIST_PRICE;
    const values: Value[] = [];
    let failure: Failure | undefined;
    for (let index = 0; index < elements.length; index++) {
      const value = (elements[index] as Evaluator)(frame);
      const element = optional?.has(index) ? inside(value) : value;
      if (element instanceof Failure) failure = failure === undefined ? element : mergeFailures(failure, element);
      else if (element !== undefined) values.push(element);
    }
    return failure ?? values;
  };
}

/** What stands behind `?`: undefined where it has no value. */
function inside(value: Value): Value | undefined {
  if (value instanceof Optional) return value.$value;
  return noSuchOverload('?', value);
}

/** `{a: b, ?c: d}`. */
export function compileMap(nodes: readonly EntryNode[], compile: Compile): Evaluator {
  const entries = nodes.map(({ key, value, optional }) => ({ key: compile(key), value: compile(value), optional }));
  const build = (frame: Frame): Value => {
    const map = new CelMap();
    let failure: Failure | undefined;
    for (const { key, value, optional } of entries) {
      const problem = addTo(map, key(frame), value(frame), optional === true);
      if (problem !== undefined) failure = failure === undefined ? problem : mergeFailures(failure, problem);
    }
    return failure ?? map;
  };
  const isConstant = nodes.every(
    ({ key, value, optional }) => !optional && key.kind === 'literal' && value.kind === 'literal',
  );
  const constant = isConstant ? build({ bindings: {}, slots: [], cost: 0, work: 0, limit: Infinity }) : undefined;
  return (frame) => {
    frame.cost += MAP_PRICE;
    return constant ?? build(frame);
  };
}

function addTo(map: CelMap, key: Value, value: Value, optional: boolean): Failure | undefined {
  if (key instanceof Failure || value instanceof Failure) return noSuchOverload('map', key, value);
  const held = optional ? inside(value) : value;
  if (held === undefined) return undefined;
  if (held instanceof Failure) return held;
  return addEntry(map, key, held) ? undefined : new CelError('a key of a map is repeated or of a wrong type');
}

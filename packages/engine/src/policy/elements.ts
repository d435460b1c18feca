import { CelError, CelMap, CelTooLarge, Failure, type Value } from './cel/index.ts';
import { isJsonMap } from './cel/values.ts';
import type { CompiledRule } from './compile-rule.ts';
import type { Facts } from './facts/facts.ts';
import type { Element } from './facts/workload.ts';
import { recordOf } from './loose-values.ts';
import { pointersInto } from './pointers-into.ts';

/** A longer list is not gone through, and the rule undecided: nobody reads so many results. */
const MOST_ELEMENTS = 10_000;

/** An element of a list or map that an expression gave. */
interface Item extends Element {
  item: unknown;
  key: string | number;
}

const isItem = (element: Element): element is Item => 'item' in element;

/** What a rule goes through: undefined alone for a rule without `each`. */
export function elementsOf(rule: CompiledRule, facts: Facts): readonly (Element | undefined)[] | Failure {
  if (rule.each === undefined) return NO_ELEMENT;
  if (rule.list === undefined) return facts.elements(rule.each as 'containers' | 'vulnerabilities');
  return itemsOf(rule.list.evaluate(facts, facts.budget), facts, rule.listPath);
}

const NO_ELEMENT = [undefined] as const;

/** Puts the element where the rule's expressions read it. */
export function bindElement(rule: CompiledRule, facts: Facts, element: Element | undefined): void {
  if (element === undefined) return;
  if (isItem(element)) {
    facts.item = element.item;
    facts.key = element.key;
  } else if (rule.each === 'containers') facts.c = element.value;
  else facts.v = element.value;
}

/** The elements with their places: those of the list where its path is known, else where the object holds them. */
function itemsOf(value: Value, facts: Facts, path: readonly (string | number)[] | undefined): Item[] | Failure {
  if (value instanceof Failure) return value;
  const entries = entriesOf(value);
  if (entries === undefined) return new CelError('what the rule goes through is neither a list nor a map');
  if (entries.length > MOST_ELEMENTS)
    return new CelTooLarge(`the rule goes through more than ${MOST_ELEMENTS} elements`);
  const find = path === undefined ? pointersInto(facts.object) : undefined;
  return entries.map(([key, item]) => ({
    item,
    key,
    value: recordOf(item),
    name: nameOf(item, key),
    get pointer() {
      return path === undefined ? (find?.(item) ?? []) : [...path, key];
    },
  }));
}

function entriesOf(value: Value): [key: string | number, item: unknown][] | undefined {
  if (Array.isArray(value)) return value.map((item, index) => [index, item]);
  if (value instanceof CelMap)
    return Array.from(value.$entries.values(), ([key, item]) => [typeof key === 'number' ? key : String(key), item]);
  return isJsonMap(value) ? Object.entries(value) : undefined;
}

/** Its own name, what it is itself, or its index. */
function nameOf(item: unknown, key: string | number): string {
  if (typeof item === 'string') return typeof key === 'string' ? key : item;
  const { name } = recordOf(item);
  return typeof name === 'string' && name !== '' ? name : typeof key === 'string' ? key : `[${key}]`;
}

import { childrenOf, type MacroName, type Node } from '../../policy/cel/ast.ts';
import type { Checked } from '../../policy/cel/check/checker.ts';
import { formatType } from '../../policy/cel/types.ts';
import type { Gap } from '../compile-target.ts';

/**
 * Functions by the minor version whose library brought them. API servers take new expressions with what the version
 * before their own knew, so that they can be rolled back (`DefaultCompatibilityVersion` in apiserver/pkg/cel/environment).
 */
const FUNCTIONS: Readonly<Record<number, string>> = {
  0:
    'size startsWith endsWith contains matches bool bytes double duration dyn int string timestamp type uint getDate ' +
    'getDayOfMonth getDayOfWeek getDayOfYear getFullYear getHours getMilliseconds getMinutes getMonth getSeconds ' +
    'charAt indexOf lastIndexOf lowerAscii replace split substring trim upperAscii join format strings.quote ' +
    'isSorted sum min max find findAll url isURL getScheme getHost getHostname getPort getEscapedPath getQuery ' +
    'path group serviceAccount resource subresource namespace name check allowed reason errored error ' +
    'quantity isQuantity isInteger asInteger asApproximateFloat sign add sub compareTo isGreaterThan isLessThan ' +
    'optional.of optional.none optional.ofNonZeroValue or orValue value hasValue sets.contains sets.equivalent sets.intersects',
  30: 'ip isIP ip.isCanonical family isUnspecified isLoopback isLinkLocalMulticast isLinkLocalUnicast isGlobalUnicast cidr isCIDR containsIP containsCIDR masked prefixLength',
  31: 'format.named validate fieldSelector labelSelector',
  33: 'semver isSemver major minor patch',
  34: 'distinct first flatten last lists.range slice sort',
  37: 'includes',
};

const MACROS: Readonly<Partial<Record<MacroName, number>>> = {
  transformList: 32,
  transformMap: 32,
  transformMapEntry: 32,
  sortBy: 34,
};
const TWO_VARIABLES = 32;

const SINCE: ReadonlyMap<string, number> = new Map(
  Object.entries(FUNCTIONS).flatMap(([minor, names]) => names.split(' ').map((name) => [name, Number(minor)] as const)),
);

/** Why an API server of a version would not take an expression that is right in itself; empty where it would. */
export function portabilityGaps(
  { root, checked, source }: { root: Node; checked: Checked; source: string },
  kubernetes: number,
): Omit<Gap, 'pointer'>[] {
  const gaps: Omit<Gap, 'pointer'>[] = [];
  const needs = (what: string, since: number | undefined): void => {
    if (since === undefined) gaps.push({ code: 'function', message: `API servers have no ${what}` });
    else if (since > 0 && kubernetes <= since) {
      gaps.push({ code: 'function', message: `API servers take ${what} from Kubernetes 1.${since + 1}` });
    }
  };
  const walk = (node: Node, exempt: boolean): void => {
    if (node.kind === 'call' && isNamed(node)) needs(`${nameOf(node, checked)}()`, sinceOf(node, checked));
    if (node.kind === 'bind') needs('cel.bind()', undefined);
    if (node.kind === 'macro' && /^\.\s*existsOne\b/.test(source.slice(node.start))) needs('existsOne()', undefined);
    else if (node.kind === 'macro') {
      const since = MACROS[node.name] ?? (node.second === undefined ? 0 : TWO_VARIABLES);
      needs(node.second === undefined ? `${node.name}()` : `${node.name}() over two variables`, since);
    }
    const mixed = exempt ? undefined : mixedTypes(node, checked);
    if (mixed !== undefined) {
      gaps.push({
        code: 'literal',
        message: `a ${node.kind} holds values of different types (${mixed}), which API servers refuse`,
      });
    }
    const formats = node.kind === 'call' && node.name === 'format';
    for (const child of childrenOf(node)) walk(child, formats && node.operands.includes(child));
  };
  walk(root, false);
  return gaps;
}

/** Calls that are no operator. */
const isNamed = ({ name }: Extract<Node, { kind: 'call' }>): boolean => /^[\w.@]+$/.test(name) && name !== '@in';

/** The version that brought a function; undefined where none did. The sign of a quantity is a function, no member. */
function sinceOf(node: Extract<Node, { kind: 'call' }>, checked: Checked): number | undefined {
  const name = nameOf(node, checked);
  return name === 'sign' && node.target !== undefined ? undefined : SINCE.get(name);
}

/** `strings.quote`, `sets.contains`: functions in a namespace by their whole name. */
function nameOf(node: Extract<Node, { kind: 'call' }>, checked: Checked): string {
  const [overload] = checked.calls.get(node) ?? [];
  return overload?.name ?? node.name;
}

/** The types in a list, or among the keys or values of a map, where they differ. */
function mixedTypes(node: Node, checked: Checked): string | undefined {
  const groups =
    node.kind === 'list'
      ? [node.elements]
      : node.kind === 'map'
        ? [node.entries.map(({ key }) => key), node.entries.map(({ value }) => value)]
        : [];
  for (const group of groups) {
    const types = new Set(group.map((element) => formatType(checked.typeOf(element))));
    if (types.size > 1) return [...types].join(', ');
  }
  return undefined;
}

import { type CompiledExpression, compileExpression, LateMap, type Value } from '../cel/index.ts';

type Bindings = Readonly<Record<string, unknown>>;

/**
 * Makes the map of fields that are each an expression over some variables. One is compiled when it is first read of any
 * map, and evaluated when it is first read of this one: of ten thousand objects rules read a few.
 */
export function fieldsOnDemand(
  fields: Readonly<Record<string, string>>,
  variables: readonly string[],
): (bindings: Bindings) => Record<string, unknown> {
  const names = Object.keys(fields);
  const expressions: (CompiledExpression | undefined)[] = [];
  const expressionOf = (index: number): CompiledExpression => {
    expressions[index] ??= compileExpression(fields[names[index]!]!, { variables });
    return expressions[index];
  };

  class FieldsOnDemand extends LateMap {
    readonly #bindings: Bindings;
    readonly #values: Value[] = [];

    constructor(bindings: Bindings) {
      super();
      this.#bindings = bindings;
    }

    $read(index: number): Value {
      let value = this.#values[index];
      if (value === undefined) {
        value = expressionOf(index).evaluate(this.#bindings);
        this.#values[index] = value;
      }
      return value;
    }

    override $fill(): void {
      for (const [index, name] of names.entries())
        if (!Object.hasOwn(this, name))
          Object.defineProperty(this, name, { value: this.$read(index), enumerable: true });
    }
  }

  for (const [index, name] of names.entries())
    Object.defineProperty(FieldsOnDemand.prototype, name, {
      get(this: FieldsOnDemand) {
        return this.$read(index);
      },
    });
  return (bindings) => new FieldsOnDemand(bindings) as unknown as Record<string, unknown>;
}

import { type CelType, DYN, isParameter } from '../types.ts';

const NULLABLE_PREFIXES = ['kubernetes.', 'net.', 'google.protobuf.', 'optional_type', 'null_type'];

const isNullable = ({ name }: CelType): boolean => NULLABLE_PREFIXES.some((prefix) => name.startsWith(prefix));

export const isExactly = (a: CelType, b: CelType): boolean =>
  a === b ||
  (a.name === b.name &&
    a.parameters.length === b.parameters.length &&
    a.parameters.every((parameter, index) => isExactly(parameter, b.parameters[index] as CelType)));

/** Whether `a` says as little as `b` or less: `dyn` says nothing. */
function isAsGeneral(a: CelType, b: CelType): boolean {
  if (a.name === 'dyn' || isParameter(a)) return true;
  if (b.name === 'dyn' || isParameter(b)) return false;
  return (
    a.name === b.name && a.parameters.every((parameter, index) => isAsGeneral(parameter, b.parameters[index] ?? DYN))
  );
}

/** Of null and a type that may be null, the type. */
function mostGeneral(a: CelType, b: CelType): CelType {
  if (a.name === 'null_type') return b;
  return b.name === 'null_type' || isAsGeneral(a, b) ? a : b;
}

/** What inference has found out about type variables; an attempt that fails leaves no trace. */
export class Inference {
  readonly #bound = new Map<string, CelType>();
  #trail: (readonly [name: string, before: CelType | undefined])[] = [];
  #variables = 0;

  /** A variable of inference that nothing is known of. */
  fresh(): CelType {
    return { name: `%${++this.#variables}`, parameters: [] };
  }

  /** Declared types with their parameters made into variables of their own. */
  instantiate(types: readonly CelType[]): CelType[] {
    const names = new Map<string, CelType>();
    const replace = (type: CelType): CelType => {
      if (isParameter(type)) {
        let variable = names.get(type.name);
        if (variable === undefined) {
          variable = this.fresh();
          names.set(type.name, variable);
        }
        return variable;
      }
      return type.parameters.length === 0 ? type : { name: type.name, parameters: type.parameters.map(replace) };
    };
    return types.map(replace);
  }

  /** Whether every given type can stand where the other is wanted, all at once. */
  assignAll(given: readonly CelType[], wanted: readonly CelType[]): boolean {
    if (given.length !== wanted.length) return false;
    if (this.#trail.length > 0) this.#trail = [];
    for (let index = 0; index < given.length; index++) {
      if (!this.#assign(given[index] as CelType, wanted[index] as CelType)) {
        for (const [name, before] of this.#trail.reverse()) {
          if (before === undefined) this.#bound.delete(name);
          else this.#bound.set(name, before);
        }
        return false;
      }
    }
    return true;
  }

  /** The type of an element beside those seen: the more general of both, `dyn` where they have nothing in common. */
  join(seen: CelType | undefined, next: CelType): CelType {
    if (seen === undefined) return next;
    return this.assignAll([seen], [next]) ? mostGeneral(this.find(seen), this.find(next)) : DYN;
  }

  /** What a variable stands for, as far as it is known; other types as they are. */
  find(type: CelType): CelType {
    let current = type;
    while (isParameter(current)) {
      const next = this.#bound.get(current.name);
      if (next === undefined) return current;
      current = next;
    }
    return current;
  }

  /** The type with everything known put in; what stays unknown is `dyn` in the end. */
  resolve(type: CelType, atEnd = false): CelType {
    const found = isParameter(type) ? this.find(type) : type;
    if (isParameter(found)) return atEnd ? DYN : found;
    if (found.parameters.length === 0) return found;
    return { name: found.name, parameters: found.parameters.map((parameter) => this.resolve(parameter, atEnd)) };
  }

  #assign(given: CelType, wanted: CelType): boolean {
    if (given === wanted) return true;
    if (isParameter(wanted)) {
      if (this.#substitute(given, wanted)) return true;
      if (this.#bound.has(wanted.name)) return false;
    }
    if (isParameter(given)) return this.#substitute(wanted, given);
    if (given.name === 'dyn' || wanted.name === 'dyn') return true;
    if (given.name === 'null_type') return isNullable(wanted);
    if (wanted.name === 'null_type') return isNullable(given);
    if (given.name !== wanted.name) return false;
    if (given.name === 'type') return true;
    return given.parameters.every((parameter, index) => this.#assign(parameter, wanted.parameters[index] ?? DYN));
  }

  /** Takes a type for a variable, or the more general of it and what the variable was. */
  #substitute(type: CelType, variable: CelType): boolean {
    if (isExactly(type, variable)) return true;
    const known = this.#bound.get(variable.name);
    if (known === undefined) {
      if (!this.#occurs(variable, type)) {
        this.#bind(variable, type);
        return true;
      }
      return false;
    }
    if (isExactly(type, known)) return true;
    if (!this.#assign(type, known)) return false;
    const general = mostGeneral(type, known);
    if (general !== known && !this.#occurs(variable, general)) this.#bind(variable, general);
    return true;
  }

  #bind({ name }: CelType, type: CelType): void {
    this.#trail.push([name, this.#bound.get(name)]);
    this.#bound.set(name, type);
  }

  #occurs(variable: CelType, inside: CelType): boolean {
    const found = this.find(inside);
    return found.name === variable.name || found.parameters.some((parameter) => this.#occurs(variable, parameter));
  }
}

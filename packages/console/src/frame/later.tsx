import { type ComponentType, type ReactNode, useEffect, useState } from 'react';

/** A component in a file of its own, whose code comes when it is wanted. */
export class LaterPart<Props extends object> {
  loaded: ComponentType<Props> | undefined;
  readonly #load: () => Promise<{ default: ComponentType<Props> }>;

  constructor(load: () => Promise<{ default: ComponentType<Props> }>) {
    this.#load = load;
  }

  /** Fetches the code, unless it is here. */
  async warm(): Promise<void> {
    this.loaded ??= (await this.#load()).default;
  }
}

interface LaterProps<Props extends object> {
  part: LaterPart<Props>;
  props: Props;
  fallback?: ReactNode;
}

/**
 * Shows a part as soon as its code is here; Suspense would hold it back for up to 300 ms once a fallback was seen. What
 * fails to load is thrown to the guard of the page.
 */
export function Later<Props extends object>({ part, props, fallback = null }: LaterProps<Props>): ReactNode {
  const [, show] = useState(false);
  const [failure, setFailure] = useState<Error>();
  useEffect(() => {
    if (part.loaded === undefined) part.warm().then(() => show(true), setFailure);
  }, [part]);
  if (failure !== undefined) throw failure;
  const Part = part.loaded;
  return Part === undefined ? fallback : <Part {...props} />;
}

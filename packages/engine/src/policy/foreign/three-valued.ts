/** True, false, or undefined where a fact is missing that decides. */
export type Answer = boolean | undefined;

/** False as soon as one is; else unknown as soon as one is. */
export function allOf<T>(items: Iterable<T>, test: (item: T) => Answer): Answer {
  let answer: Answer = true;
  for (const item of items) {
    const one = test(item);
    if (one === false) return false;
    if (one === undefined) answer = undefined;
  }
  return answer;
}

/** True as soon as one is; else unknown as soon as one is. */
export function anyOf<T>(items: Iterable<T>, test: (item: T) => Answer): Answer {
  let answer: Answer = false;
  for (const item of items) {
    const one = test(item);
    if (one === true) return true;
    if (one === undefined) answer = undefined;
  }
  return answer;
}

export const not = (answer: Answer): Answer => (answer === undefined ? undefined : !answer);

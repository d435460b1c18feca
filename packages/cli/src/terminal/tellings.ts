import { formatPlace, type PolicyResult } from '@breakwater/model';

/** Results of which one row tells the same. */
export interface Telling {
  result: PolicyResult;
  /** Empty where no line is known. */
  where: string;
  count: number;
}

/** Of results in the order of enforcement and policy: only neighbours can tell the same. */
export function tellingsOf(results: readonly PolicyResult[]): Telling[] {
  const told: Telling[] = [];
  for (let first = 0; first < results.length; ) {
    const end = endOfPolicy(results, first);
    if (end - first === 1) told.push(tellingOf(results[first]!));
    else told.push(...withoutRepeats(results.slice(first, end)));
    first = end;
  }
  return told;
}

/** Index behind the last of the results, from one on, that are of its policy and enforcement. */
function endOfPolicy(results: readonly PolicyResult[], first: number): number {
  const { policy, enforcement } = results[first]!;
  let end = first + 1;
  while (results[end]?.policy === policy && results[end]?.enforcement === enforcement) end += 1;
  return end;
}

function tellingOf(result: PolicyResult): Telling {
  return { result, where: result.place?.line ? ` (${formatPlace(result.place)})` : '', count: 1 };
}

function withoutRepeats(results: readonly PolicyResult[]): Iterable<Telling> {
  const told = new Map<string, Telling>();
  for (const result of results) {
    const { verdict, exception = '', message } = result;
    const telling = tellingOf(result);
    const key = `${verdict}\0${exception}\0${message}\0${telling.where}`;
    const known = told.get(key);
    if (known === undefined) told.set(key, telling);
    else known.count += 1;
  }
  return told.values();
}

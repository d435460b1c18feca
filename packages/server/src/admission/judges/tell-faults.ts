import type { Unknown } from '@breakwater/model';

/** A fault in a line: where it is, what it is, and what counts instead. */
export function faultText({ place, message, hint }: Unknown): string {
  const { source, line, column } = place;
  const at = line === undefined ? source : `${source}:${line}${column === undefined ? '' : `:${column}`}`;
  return `${at}: ${message}${hint === undefined ? '' : `${/[.!?]$/.test(message) ? '' : '.'} ${hint}`}`;
}

const MOST_TOLD = 50;

/** Reports each fault once for as long as it is there, and that there is none any more. */
export function tellFaults(report: (message: string) => void): (faults: readonly Unknown[]) => void {
  let told = new Set<string>();
  return (faults) => {
    const texts = new Set(faults.map(faultText));
    const news = [...texts].filter((text) => !told.has(text));
    for (const text of news.slice(0, MOST_TOLD)) report(text);
    if (news.length > MOST_TOLD)
      report(`and ${news.length - MOST_TOLD} more faults in policies, exceptions and settings`);
    if (texts.size === 0 && told.size > 0) report('Policies, exceptions and settings are without a fault again.');
    told = texts;
  };
}

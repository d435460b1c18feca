const SOURCE = /^# Source: (.+)$/;

/**
 * What `helm template` printed, by the template that it says it comes from: each piece is a stream of documents. The name of
 * the chart is left out: `shop/templates/web.yaml` is `templates/web.yaml`, and of a subchart `charts/db/templates/x.yaml`.
 */
export function splitRendered(output: string): Map<string, string> {
  const pieces = new Map<string, string[]>();
  let current: string[] | undefined;
  let document: string[] = [];
  const flush = () => {
    if (current !== undefined && document.length > 0) current.push('---', ...document);
    document = [];
  };
  for (const line of output.split('\n')) {
    const source = SOURCE.exec(line)?.[1]?.trim();
    if (/^---(?:\s|$)/.test(line)) flush();
    else if (source === undefined) document.push(line);
    else {
      flush();
      const path = source.slice(source.indexOf('/') + 1);
      current = pieces.get(path) ?? [];
      pieces.set(path, current);
    }
  }
  flush();
  return new Map([...pieces].map(([path, lines]) => [path, `${lines.join('\n')}\n`]));
}

import type { LockedPackages } from '../locked-packages.ts';
import { linesOf } from '../read-text.ts';

/** `"jason": {:hex, :jason, "1.3.0", ...`: the second name is that of the package, the first of the application. */
const MIX_ENTRY =
  /^\s*"([^"]{1,255})":\s*\{:(hex|git|path),\s*(?::([A-Za-z]\w{0,254})|"[^"]{0,1024}"),\s*"([^"]{0,1024})"/;
/** `{<<"certifi">>,{pkg,<<"certifi">>,<<"2.9.0">>},1}`, `{<<"a">>,{git,"https://...",{ref,"..."}},0}`. */
const REBAR_ENTRY =
  /\{<<"([^"]{1,255})">>,\s{0,64}\{(?:(pkg),\s{0,64}<<"([^"]{1,255})">>,\s{0,64}<<"([^"]{1,255})">>|git|git_subdir|hg)/g;

/** Reads `mix.lock`, a map of Elixir that mix writes an entry a line. Whether it is one at all. */
export function readMixLock(text: string, locked: LockedPackages): boolean {
  if (!text.trimStart().startsWith('%{')) return false;
  let number = 0;
  for (const line of linesOf(text)) {
    number += 1;
    const content = line.trim();
    if (content === '' || content === '%{' || content === '}' || content === '%{}' || content.startsWith('#')) continue;
    const [, application, source, name, version] = MIX_ENTRY.exec(line) ?? [];
    if (application === undefined) locked.skip(number);
    else if (source === 'hex' && name !== undefined) locked.add(name, version!, { line: number });
    else locked.add(application, '', { line: number });
  }
  return true;
}

/** Reads `rebar.lock`, a term of Erlang. Whether it is one at all. */
export function readRebarLock(text: string, locked: LockedPackages): boolean {
  if (!/^\s{0,64}(?:\{"[0-9.]{1,16}",\s{0,64})?\[/.test(text)) return false;
  for (const [, application, source, name, version] of text.matchAll(REBAR_ENTRY)) {
    if (source === undefined) locked.add(application!, '');
    else locked.add(name!, version!);
  }
  return true;
}

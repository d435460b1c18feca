/** Shells, which are told with `-c` what to do. */
const SHELL = /(?:^|\/)(?:sh|bash|dash|ash|zsh|ksh)$/;
/** Programs that start the one that comes after them and their options. */
const STARTER =
  /(?:^|\/)(?:tini|dumb-init|env|exec|gosu|su-exec|setpriv|nice|nohup|timeout|catatonit|chpst|sudo|xargs)$/;
/** Words of a shell that are no programs. */
const OF_THE_SHELL = new Set(
  '. : [ [[ alias bg break case cd continue declare do done echo elif else esac eval exit export false fi for function hash if in kill let local printf pwd read readonly return set shift source test then time times trap true type ulimit umask unset until wait while { } !'.split(
    ' ',
  ),
);
const LONGEST = 8192;
const MOST = 32;

/**
 * Programs that a command line starts, as they are named: the first, what it hands on to (`tini -- nginx`), and those
 * that the text of a shell names. What a shell finds in variables is not known.
 */
export function startedPrograms(command: readonly string[]): string[] {
  const found = new Set<string>();
  addCommand(
    command.map((word) => word.slice(0, LONGEST)),
    found,
  );
  return [...found];
}

function addCommand(command: readonly string[], found: Set<string>): void {
  const [program = '', ...rest] = command;
  if (program === '' || found.size >= MOST) return;
  found.add(program);
  const script = SHELL.test(program) ? rest[rest.findIndex((word) => /^-[a-z]*c[a-z]*$/.test(word)) + 1] : undefined;
  if (script !== undefined && rest.some((word) => /^-[a-z]*c[a-z]*$/.test(word))) addText(script, found);
  else if (STARTER.test(program)) addCommand(handedOn(rest, program), found);
}

/** What is left behind options, variables and, of some starters, their own first word. */
function handedOn(words: readonly string[], starter: string): string[] {
  const own = /(?:gosu|su-exec|chpst|timeout)$/.test(starter) ? 1 : 0;
  const border = words.indexOf('--');
  if (border >= 0) return words.slice(border + 1);
  const first = words.findIndex((word) => !word.startsWith('-') && !/^\w+=/.test(word));
  return first < 0 ? [] : words.slice(first + own);
}

function addText(script: string, found: Set<string>): void {
  for (const line of script.slice(0, LONGEST).split(/&&|\|\||[;|&\n()`]|\$\(/)) {
    const words = line.split(/\s+/).filter((word) => word !== '');
    let first = 0;
    while (
      first < words.length &&
      (/^\w+=/.test(words[first]!) || /^(?:then|do|else|if|while|until|!|time|\{)$/.test(words[first]!))
    )
      first++;
    const program = words[first]?.replace(/^["']|["']$/g, '') ?? '';
    if (program === 'exec') addCommand(words.slice(first + 1), found);
    else if (/^[\w./+-]+$/.test(program) && !OF_THE_SHELL.has(program)) addCommand(words.slice(first), found);
  }
}

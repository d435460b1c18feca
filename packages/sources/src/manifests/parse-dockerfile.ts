import type { Dockerfile } from '@breakwater/model';

/** One instruction as written, continuation lines joined. */
interface Instruction {
  line: number;
  keyword: string;
  value: string;
}

const HEREDOC_KEYWORDS = new Set(['RUN', 'COPY', 'ADD']);
const HEREDOC = /<<(-?)(?:"([A-Za-z_]\w*)"|'([A-Za-z_]\w*)'|([A-Za-z_]\w*))/g;
const MAX_EXPANSION = 4096;

/**
 * Reads a Dockerfile as BuildKit does: escape directive, continuations, comments between them, heredocs, stages. What is
 * returned describes the final stage; base, user and ports of stages it is built from are inherited.
 */
export function parseDockerfile(text: string, path: string): Dockerfile {
  const instructions = instructionsOf(text.replace(/^\uFEFF/, ''));
  const stages = stagesOf(instructions);
  const final = stages.at(-1);
  if (final === undefined) return { path, exposedPorts: [], instructions: [] };
  const baseImage = final.baseImage;
  return {
    path,
    ...(baseImage === undefined ? {} : { baseImage }),
    ...(final.user === undefined ? {} : { user: final.user }),
    exposedPorts: final.exposedPorts,
    instructions: final.instructions,
  };
}

interface Stage {
  name: string | undefined;
  /** Image that the stage comes from in the end, through earlier stages. */
  baseImage: string | undefined;
  user: string | undefined;
  exposedPorts: string[];
  variables: Map<string, string>;
  instructions: Instruction[];
}

function stagesOf(instructions: Instruction[]): Stage[] {
  const global = new Map<string, string>();
  const stages: Stage[] = [];
  for (const instruction of instructions) {
    const { keyword, value } = instruction;
    if (keyword === 'FROM') {
      stages.push(startStage(instruction, stages, global));
      continue;
    }
    const stage = stages.at(-1);
    if (stage === undefined) {
      if (keyword === 'ARG') addDefaults(value, global);
      continue;
    }
    stage.instructions.push(instruction);
    applyInstruction(stage, keyword, value, global);
  }
  return stages;
}

function addDefaults(value: string, variables: Map<string, string>): void {
  for (const [name, text] of assignments(value)) if (text !== undefined) variables.set(name, expand(text, variables));
}

function startStage(instruction: Instruction, stages: Stage[], global: Map<string, string>): Stage {
  const words = expand(instruction.value, global)
    .split(/\s+/)
    .filter((word) => word !== '' && !word.startsWith('--'));
  const from = words[0];
  const name = words[1]?.toLowerCase() === 'as' ? words[2]?.toLowerCase() : undefined;
  const parent = stages.findLast((stage) => stage.name !== undefined && stage.name === from?.toLowerCase());
  return {
    name,
    baseImage: parent === undefined ? from : parent.baseImage,
    user: parent?.user,
    exposedPorts: [...(parent?.exposedPorts ?? [])],
    variables: new Map(parent?.variables),
    instructions: [instruction],
  };
}

function applyInstruction(stage: Stage, keyword: string, value: string, global: Map<string, string>): void {
  if (keyword === 'ARG') {
    for (const [name, text] of assignments(value)) {
      const known = text === undefined ? global.get(name) : expand(text, stage.variables);
      if (known !== undefined) stage.variables.set(name, known);
    }
  } else if (keyword === 'ENV') {
    for (const [name, text] of environment(value)) stage.variables.set(name, expand(text, stage.variables));
  } else if (keyword === 'USER') {
    stage.user = expand(value, stage.variables).trim();
  } else if (keyword === 'EXPOSE') {
    stage.exposedPorts.push(
      ...expand(value, stage.variables)
        .split(/\s+/)
        .filter((port) => port !== ''),
    );
  }
}

/* `ARG a=1 b="two" c` */
function assignments(value: string): [string, string | undefined][] {
  return words(value).map((word) => {
    const at = word.indexOf('=');
    return at === -1 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
  });
}

/* `ENV a=1 b=2`, and the old form `ENV a 1`. */
function environment(value: string): [string, string][] {
  const first = /^(\S+?)\s+(.*)$/s.exec(value);
  if (first !== null && !first[1]!.includes('=')) return [[first[1]!, first[2]!]];
  return assignments(value).map(([name, text]) => [name, text ?? '']);
}

/* Splits at blanks outside quotes and takes the quotes away. */
function words(value: string): string[] {
  const found = value.match(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])+/gs) ?? [];
  return found.map((word) => word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'/gs, (_, double, single) => double ?? single));
}

/* `$name`, `${name}`, `${name:-default}`, `${name:+other}`; what has no value stays as written, so that it is seen. */
function expand(text: string, variables: ReadonlyMap<string, string>): string {
  const expanded = text.replace(
    /\\\$|\$\{(\w+)(?:(:?[-+])([^{}]*))?\}|\$(\w+)/g,
    (
      whole,
      braced: string | undefined,
      operator: string | undefined,
      word: string | undefined,
      bare: string | undefined,
    ) => {
      const name = braced ?? bare;
      if (name === undefined) return '$';
      const value = variables.get(name);
      if (operator?.endsWith('+')) return value ? word! : '';
      if (operator !== undefined) return value || word!;
      return value ?? whole;
    },
  );
  return expanded.slice(0, MAX_EXPANSION);
}

function instructionsOf(text: string): Instruction[] {
  const lines = text.split(/\r?\n/);
  const escapeMark = escapeCharacter(lines);
  const instructions: Instruction[] = [];
  for (let at = 0; at < lines.length; ) {
    const start = at;
    const joined: string[] = [];
    let open = true;
    while (open && at < lines.length) {
      const line = lines[at]!;
      at += 1;
      if (/^\s*(?:#|$)/.test(line)) {
        if (joined.length === 0) break;
        continue;
      }
      const body = line.trimEnd();
      open = body.endsWith(escapeMark);
      joined.push(open ? body.slice(0, -1) : body);
    }
    if (joined.length === 0) continue;
    const match = /^\s*([A-Za-z]+)\s*(.*)$/s.exec(joined.join(''));
    if (match === null) continue;
    const instruction = { line: start + 1, keyword: match[1]!.toUpperCase(), value: match[2]!.trim() };
    if (HEREDOC_KEYWORDS.has(instruction.keyword)) at = readHeredocs(instruction, lines, at);
    instructions.push(instruction);
  }
  return instructions;
}

/* Appends the bodies of heredocs to the instruction and returns the line after them. */
function readHeredocs(instruction: Instruction, lines: string[], from: number): number {
  let at = from;
  for (const [, dash, double, single, bare] of instruction.value.matchAll(HEREDOC)) {
    const word = double ?? single ?? bare!;
    const end = lines.findIndex(
      (line, index) => index >= at && (dash === '-' ? line.replace(/^\t+/, '') : line) === word,
    );
    if (end === -1) return at;
    instruction.value += `\n${lines.slice(at, end + 1).join('\n')}`;
    at = end + 1;
  }
  return at;
}

function escapeCharacter(lines: string[]): string {
  for (const line of lines) {
    const directive = /^\s*#\s*(\w+)\s*=\s*(\S+)\s*$/.exec(line);
    if (directive === null) return '\\';
    if (directive[1]!.toLowerCase() === 'escape') return directive[2] === '`' ? '`' : '\\';
  }
  return '\\';
}

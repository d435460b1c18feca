import { formatPlace, type QuestionAnswer, type QuestionSheet } from '@breakwater/model';
import { bold, cyan, dim, plain, yellow } from './style.ts';
import { alignColumns, wrapText } from './table.ts';

const NUMBER = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
/** Columns before the text of an answer. */
const MARGIN = 4;
/** Columns of the word before evidence and gaps. */
const LABEL = 9;
/** Pieces of evidence that one answer shows in full. */
const MOST_SHOWN = 25;
/** Places named of one piece. */
const MOST_PLACES = 3;

/** Every answer in a few lines: the number, the sentence, what it rests on most, and what is open. */
export function sheetLines({ items }: QuestionSheet, width: number): string[] {
  return [
    ...items.flatMap((answer) => {
      const { sentence, evidence, gaps } = answer;
      const [telling] = evidence;
      const [open] = gaps;
      return [
        ...head(answer, width),
        ...below(plain(sentence), width),
        ...(telling === undefined ? [] : labelled('because', plain(telling.sentence), width, dim)),
        ...(open === undefined ? [] : labelled('open', plain(open.sentence), width, yellow)),
      ];
    }),
    '',
    ...wrapText(dim('One in full, with its evidence: breakwater ask 5. For programs: --output json.'), width),
  ];
}

/** One answer with all that it rests on. */
export function answerLines(answer: QuestionAnswer, width: number): string[] {
  const { sentence, parts, evidence, more, gaps, next } = answer;
  const hidden = more + Math.max(0, evidence.length - MOST_SHOWN);
  return [
    ...head(answer, width),
    ...below(plain(sentence), width),
    '',
    ...alignColumns(
      parts.map(({ label, count }) => [NUMBER.format(count), plain(label)]),
      [0],
    ).map((line) => `${' '.repeat(MARGIN)}${line}`),
    ...(parts.length > 0 ? [''] : []),
    ...evidence.slice(0, MOST_SHOWN).flatMap(({ sentence: says, command, places }) => {
      const where = places.slice(0, MOST_PLACES).map((place) => plain(formatPlace(place)));
      const source = where.length === 0 ? '' : dim(`  [${[...new Set(where)].join(', ')}]`);
      const lines = below(`${plain(says)}${source}`, width, '- ');
      return command === undefined ? lines : [...lines, `${' '.repeat(MARGIN + 2)}${cyan(plain(command))}`];
    }),
    ...(hidden > 0 ? below(dim(`and ${NUMBER.format(hidden)} more (--output json lists them)`), width, '- ') : []),
    ...(gaps.length > 0 ? [''] : []),
    ...gaps.flatMap(({ sentence: says, hint }) => [
      ...labelled('open', plain(says), width, yellow),
      ...(hint === undefined
        ? []
        : wrapText(plain(hint), width - MARGIN - LABEL).map((line) => `${' '.repeat(MARGIN + LABEL)}${dim(line)}`)),
    ]),
    ...(next === undefined ? [] : ['', `${' '.repeat(MARGIN)}Next: ${plain(next)}`]),
  ];
}

/** The question with its number, on one line where there is room. */
function head({ n, question, number }: QuestionAnswer, width: number): string[] {
  const asked = `${bold(String(n).padStart(MARGIN - 2))}  ${bold(question)}`;
  const value = `${cyan(numberWords(number))} ${plain(number.words)}`;
  const room = width - (MARGIN + question.length + 2);
  const plainLength = numberWords(number).length + 1 + number.words.length;
  return room >= plainLength ? [`${asked}  ${value}`] : [asked, `${' '.repeat(MARGIN)}${value}`];
}

/** `39 of 40`, `14`, `not known`. */
function numberWords({ value, of }: QuestionAnswer['number']): string {
  if (value === null) return of === undefined ? 'no' : `? of ${NUMBER.format(of)}`;
  return of === undefined ? NUMBER.format(value) : `${NUMBER.format(value)} of ${NUMBER.format(of)}`;
}

function below(text: string, width: number, mark = ''): string[] {
  return wrapText(text, width - MARGIN - mark.length).map(
    (line, index) => `${' '.repeat(MARGIN)}${index === 0 ? mark : ' '.repeat(mark.length)}${line}`,
  );
}

/** A word, and beside it text that goes on below where it began. */
function labelled(word: string, text: string, width: number, style: (text: string) => string): string[] {
  return wrapText(text, width - MARGIN - LABEL).map(
    (line, index) =>
      `${' '.repeat(MARGIN)}${index === 0 ? style(word) + ' '.repeat(LABEL - word.length) : ' '.repeat(LABEL)}${line}`,
  );
}

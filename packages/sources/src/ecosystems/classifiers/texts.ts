import type { Classifier } from './classifier.ts';

/** Programs that are known by scripts and lists among their files. */
export const TEXTS: Classifier[] = [
  {
    name: 'go',
    products: ['golang:go'],
    file: /^VERSION(?:\.cache)?$/,
    text: true,
    marks: [
      {
        near: 'go1.',
        pattern: /^(?:devel )?go(1\.\d{1,3}(?:\.\d{1,3})?(?:(?:beta|rc)\d{1,2})?(?:-[0-9a-f]{7,12})?)(?:\s|$)/,
      },
    ],
  },
  {
    name: 'elixir',
    products: ['elixir-lang:elixir'],
    file: /^elixir$/,
    text: true,
    marks: [{ near: 'ELIXIR_VERSION=', pattern: /\nELIXIR_VERSION=(\d+\.\d+\.\d+(?:-[\w.]{1,16})?)\n/ }],
  },
  {
    name: 'elixir',
    products: ['elixir-lang:elixir'],
    file: /^elixir\.app$/,
    text: true,
    marks: [{ near: '{vsn,', pattern: /\{vsn,\s{0,8}"(\d+\.\d+\.\d+(?:-[\w.]{1,16})?)"\}/ }],
  },
  {
    name: 'firefox',
    products: ['mozilla:firefox'],
    file: /^application\.ini$/,
    text: true,
    marks: [
      {
        near: '\nName=Firefox',
        pattern: /\nName=Firefox\r?\n[\s\S]{0,128}\nVersion=(\d+(?:\.\d+){1,3}(?:[ab]\d+)?)\r?\n/,
      },
    ],
  },
  {
    name: 'wp-cli',
    products: ['wp-cli:wp-cli'],
    file: /^wp(?:-cli\.phar)?$/,
    text: true,
    marks: [{ near: 'wp-cli/wp-cli ', pattern: /wp-cli\/wp-cli (\d+\.\d+\.\d+)\b/ }],
  },
];

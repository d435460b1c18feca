import type { Dockerfile } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { pipedDownloads, recipeSecretsIn } from './index.ts';

const recipe = (...lines: string[]): Dockerfile => ({
  path: 'images/web/Dockerfile',
  exposedPorts: [],
  instructions: lines.map((line, at) => {
    const [keyword = '', ...rest] = line.split(' ');
    return { line: at + 1, keyword, value: rest.join(' ') };
  }),
});
const password = ['Corr3ct', 'Hors3', 'Batt3ry'].join('-');
const told = (...lines: string[]) => recipeSecretsIn(recipe(...lines)).map(({ name, line }) => `${name}:${line}`);

describe('secrets in build recipes', () => {
  it.each<[string, string[], string[]]>([
    ['a variable', [`ENV DB_PASSWORD=${password}`], ['DB_PASSWORD:1']],
    ['a variable of old', [`ENV DB_PASSWORD ${password}`], ['DB_PASSWORD:1']],
    ['one of several', [`ENV A=1 API_TOKEN="${password}" B=2`], ['API_TOKEN:1']],
    ['an argument with a value', [`ARG NPM_TOKEN=${password}`], ['NPM_TOKEN:1']],
    ['a copied key', ['COPY --chown=1000 certs/server.key /etc/tls/'], ['server.key:1']],
    ['a list', ['ADD ["app", ".env", "/srv/"]'], ['.env:1']],
    ['a call', [`RUN curl -u admin:${password} https://example.org/x`], ['RUN:1']],
    ['an argument', ['ARG NPM_TOKEN'], []],
    ['an example', ['COPY .env.example /srv/.env'], []],
    ['a public key', ['COPY signing-pub.key /etc/keys/'], []],
    ['a name of a file', ['ENV DB_PASSWORD_FILE=/run/secrets/db'], []],
    ['a secret mount', ['RUN --mount=type=secret,id=npm npm ci'], []],
  ])('are %s, or none', (_, lines, expected) => {
    expect(told(...lines)).toEqual(expected);
  });

  it('that a later step removes stay in their layer', () => {
    const [one] = recipeSecretsIn(recipe('ADD secret.txt /root/secret.txt', 'RUN work && rm -rf /root/secret.txt'));
    expect(one?.words).toBe(
      'copies secret.txt into the image, where it stays in its layer though a later step removes it',
    );
    expect(JSON.stringify(recipeSecretsIn(recipe(`ENV DB_PASSWORD=${password}`)))).not.toContain(password);
  });

  it('and what a build runs as it is downloaded', () => {
    const lines = [
      'RUN curl -sSL https://x | sh',
      'RUN wget -qO- https://x | sudo bash -s',
      'RUN curl -o a https://x',
      'RUN cat a | sh',
    ];
    expect(pipedDownloads(recipe(...lines))).toEqual([1, 2]);
  });
});

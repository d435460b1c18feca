import { describe, expect, it } from 'vitest';
import { isPlaceholder } from './placeholders.ts';

describe('a text where a secret would stand', () => {
  it.each(['changeme', '<password>', 'REPLACE_ME', '%DB_PASSWORD%', 'set-by-the-installer', 'filled_in_at_deploy'])(
    'only stands there: %s',
    (text) => expect(isPlaceholder(text)).toBe(true),
  );

  it.each(['s3cr3t!x', 'sunset-bypass-9', 'hunter2-of-mine'])('is one: %s', (text) =>
    expect(isPlaceholder(text)).toBe(false),
  );
});

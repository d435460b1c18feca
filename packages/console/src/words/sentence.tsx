import { Fragment } from 'react';
import { sentenceParts } from './sentence-parts.ts';
import { inFull } from './times.ts';
import { withKeys } from './with-keys.ts';

/** A sentence with its facts stressed. */
export function Sentence({ text }: { text: string }) {
  return withKeys(sentenceParts(text), (part) => part.text).map(({ key, item: part }) => {
    if (part.kind === 'code') return <code key={key}>{part.text}</code>;
    if (part.kind === 'time')
      return (
        <time key={key} dateTime={part.text}>
          {inFull(part.text)}
        </time>
      );
    if (part.kind === 'stress')
      return (
        <b key={key} className={/\d/.test(part.text) ? 'unbroken' : undefined}>
          {part.text}
        </b>
      );
    return <Fragment key={key}>{part.text}</Fragment>;
  });
}

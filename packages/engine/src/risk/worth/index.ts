export { outcomeOf, type Rebuild, type Worth, worthOf } from './worth-of.ts';

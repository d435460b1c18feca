export { fieldAt, fieldOf, labelsOf, listOf, objectOf, objectsOf, textOf, textsOf } from './read-json.ts';

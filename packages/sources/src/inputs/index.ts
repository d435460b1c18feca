export { type RecognisedInputs, recogniseInputs } from './recognise-inputs.ts';
export { showPath } from './show-path.ts';

export { behaviourKey, behaviourText } from './behaviour-key.ts';
export { behavioursOf } from './behaviours-of.ts';
export { covers } from './covers.ts';
export { fileObject, programPath } from './file-object.ts';
export { peerObject, portObject } from './peer-object.ts';
export { profileOf } from './profile-of.ts';
export { type ReleaseParts, releaseFacts } from './release-facts.ts';
export { sipHash } from './sip-hash.ts';

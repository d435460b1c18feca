export { actAndTell } from './act-and-tell.ts';
export { type ContainmentOptions, type OpenContainment, openContainment } from './open-containment.ts';
export { type PossibleResponse, responsesTo } from './responses-to.ts';
export { tellResponse } from './tell-response.ts';

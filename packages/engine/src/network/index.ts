export { digest } from './digest.ts';
export { fieldAt, fieldOf, labelsOf, listOf, objectOf, objectsOf, textOf, textsOf } from './json.ts';
export { type ReachabilityFacts, reachabilityOf } from './reachability.ts';
export { InvalidPolicy, parseSelector, type Selector, selects } from './selector.ts';
export { type Backend, backendsOf, type FindByLabels, type Service, servicesOf } from './services.ts';

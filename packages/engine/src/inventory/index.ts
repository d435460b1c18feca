export { applyEdits } from './apply-edits.ts';
export { type DangerousCapability, isDangerousCapability } from './capabilities.ts';
export { type Supportable, supportOf } from './end-of-life/support-of.ts';
export { exposureRank, moreExposedFirst } from './exposure-order.ts';
export { type ImageReference, imageKey, imageReference } from './image-reference.ts';
export { type ContainerImage, imagesOf, sameImage } from './images-of.ts';
export { podSpecPath } from './pod-spec-path.ts';
export { withImageUsers } from './with-image-users.ts';
export { workloadsOf } from './workloads-of.ts';

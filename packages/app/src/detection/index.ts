export { estateSurroundings, type Surroundings } from './estate-surroundings.ts';
export { type DetectionOptions, type OpenDetection, openDetection, type Undecided } from './open-detection.ts';
export { tellStory } from './tell-story.ts';

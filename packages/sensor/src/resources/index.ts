export { ContainerMeter, type Usage } from './container-meter.ts';

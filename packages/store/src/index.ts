export { type EstateStore, openStore, type StoreOptions } from './open-store.ts';

import { type Frame, labour, traversal } from '../frame.ts';
import { BYTES, STRING } from '../types.ts';
import { CelError, type Value } from '../values.ts';
import { type FunctionDeclaration, global } from './declaration.ts';

const CHUNK = 8_192;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Bytes as base64 with padding. */
function encode(frame: Frame, bytes: Uint8Array): Value {
  labour(frame, traversal(bytes.length));
  let binary = '';
  for (let offset = 0; offset < bytes.length; offset += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(offset, offset + CHUNK));
  }
  return btoa(binary);
}

/** Base64 with or without padding; an error where it is neither. */
function decode(frame: Frame, text: string): Value {
  labour(frame, traversal(text.length));
  const failed = new CelError('illegal base64 data');
  if (!BASE64.test(text) || (text.includes('=') && text.length % 4 !== 0)) return failed;
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return failed;
  }
}

/** The encoders extension of cel-go. */
export const ENCODER_FUNCTIONS: FunctionDeclaration[] = [
  global('base64.encode', [BYTES], STRING, encode),
  global('base64.decode', [STRING], BYTES, decode),
];

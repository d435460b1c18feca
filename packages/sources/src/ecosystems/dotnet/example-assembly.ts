/** A smallest assembly: a PE file with a header of the runtime, and a version resource of these texts. */
export function exampleAssembly(texts: Record<string, string>, isAssembly = true): Uint8Array {
  const resources = Buffer.concat(
    Object.entries({ VS_VERSION_INFO: '', ...texts }).map(([key, value]) => {
      const start = Buffer.from(`\u0000\u0000\u0001${key}\0`, 'utf16le');
      const entry = Buffer.concat([
        start,
        Buffer.alloc((4 - (start.length % 4)) % 4),
        Buffer.from(`${value}\0`, 'utf16le'),
      ]);
      return Buffer.concat([entry, Buffer.alloc((4 - (entry.length % 4)) % 4)]);
    }),
  );
  const content = Buffer.alloc(0x200);
  content.write('MZ', 0, 'latin1');
  content.writeUInt32LE(0x40, 0x3c);
  content.writeUInt32LE(0x00004550, 0x40);
  content.writeUInt16LE(1, 0x46);
  content.writeUInt16LE(240, 0x54);
  const optional = 0x58;
  content.writeUInt16LE(0x20b, optional);
  content.writeUInt32LE(16, optional + 108);
  content.writeUInt32LE(isAssembly ? 0x2000 : 0, optional + 112 + 14 * 8);
  const section = optional + 240;
  content.write('.rsrc\0', section, 'latin1');
  content.writeUInt32LE(0x2000, section + 12);
  content.writeUInt32LE(resources.length, section + 16);
  content.writeUInt32LE(content.length, section + 20);
  return Buffer.concat([content, resources]);
}

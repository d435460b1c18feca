/** Files that are many programs, and become one by the name that they are called by. */
const MULTIPLE = /\/(?:busybox(?:[.-][\w.-]+)?|toybox(?:-\w+)?|coreutils|toolbox)$/;

/**
 * Which of many programs in one file was started, `sh` of `/bin/busybox`: by the first argument, as these files decide
 * themselves, or by the second where the file was called by its own name. Undefined for files that are one program.
 *
 * @param words the arguments with the program's own name, each ended by a zero byte.
 */
export function appletOf(path: string, words: string): string | undefined {
  if (!MULTIPLE.test(path)) return undefined;
  const [first = '', second = ''] = words.split('\0', 2);
  const name = nameOf(first);
  const applet = MULTIPLE.test(`/${name}`) ? nameOf(second) : name;
  return /^[\w.+[-]{1,64}$/.test(applet) ? applet : undefined;
}

/** Without its folders, and without the hyphen that a login shell's begins with. */
const nameOf = (word: string): string => word.slice(word.lastIndexOf('/') + 1).replace(/^-/, '');

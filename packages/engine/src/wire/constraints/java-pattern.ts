/** Classes that Java names and JavaScript does not. */
const posixClasses: Readonly<Record<string, string>> = { '\\p{Print}': '[\\x20-\\x7e]' };

/**
 * The models' patterns are Java's, and a whole value must match. Undefined for one that JavaScript has no words for (flags within the
 * pattern): nothing is checked then.
 */
export function javaPattern(pattern: string): RegExp | undefined {
  const translated = pattern.replaceAll(/\\p\{Print\}/g, (name) => posixClasses[name] ?? name);
  // Some escape what needs no escape, which JavaScript only allows outside of its Unicode mode.
  const modes = translated.includes('\\p{') ? ['u'] : ['u', ''];
  for (const mode of modes) {
    try {
      return new RegExp(`^(?:${translated})$`, mode);
    } catch {
      // The next mode may know it.
    }
  }
  return undefined;
}

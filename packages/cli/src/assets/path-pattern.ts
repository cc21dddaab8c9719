/**
 * A pattern of a .dockerignore or of COPY as an expression for whole paths, with Go's rules: `*` and `?` stay within one name, `**` spans
 * folders, `[a-z]` is a choice, a backslash takes the meaning away.
 */
export function patternToExpression(pattern: string, spans: 'folders' | 'names'): RegExp {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char === '*' && spans === 'folders' && pattern.charAt(at + 1) === '*') {
      at += pattern.charAt(at + 2) === '/' ? 2 : 1;
      source += at + 1 < pattern.length ? '(?:.*/)?' : '.*';
    } else if (char === '*') source += '[^/]*';
    else if (char === '?') source += '[^/]';
    else if (char === '[') {
      const end = pattern.indexOf(']', at + 1);
      if (end < 0) source += '\\[';
      else {
        source += `[${pattern.slice(at + 1, end).replace(/[\\[]/g, '\\$&')}]`;
        at = end;
      }
    } else if (char === '\\' && at + 1 < pattern.length) source += escaped(pattern.charAt(++at));
    else source += escaped(char);
  }
  return new RegExp(`^${source}$`, 's');
}

export const hasWildcard = (path: string): boolean => /[*?[]/.test(path);

const escaped = (char: string) => char.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

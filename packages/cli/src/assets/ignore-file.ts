import { posix } from 'node:path';
import { patternToExpression } from './path-pattern.ts';

/** What a .dockerignore leaves out. Paths are relative to the build's folder, with `/`. */
export interface IgnoreFile {
  ignores(path: string): boolean;
  /** Some rule takes files back in, so that even an ignored folder must be looked into. */
  readonly hasExceptions: boolean;
}

/** The last rule that fits a path, or a folder above it, decides. */
export function parseIgnoreFile(text: string): IgnoreFile {
  const rules = text.split(/\r?\n/).flatMap(parseRule);
  return {
    hasExceptions: rules.some(({ takesBack }) => takesBack),
    ignores(path) {
      const paths = withParents(path);
      return rules.reduce(
        (ignored, { expression, takesBack }) => (paths.some((one) => expression.test(one)) ? !takesBack : ignored),
        false,
      );
    },
  };
}

function parseRule(line: string): { expression: RegExp; takesBack: boolean }[] {
  // Docker: a comment begins in the very first column.
  const rule = line.startsWith('#') ? '' : line.trim();
  const takesBack = rule.startsWith('!');
  const written = takesBack ? rule.slice(1).trim() : rule;
  if (written === '') return [];
  const pattern = posix.normalize(written).replace(/^\//, '').replace(/\/$/, '');
  return [{ expression: patternToExpression(pattern, 'folders'), takesBack }];
}

function withParents(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** ExecuteCommand takes one line and splits it as a shell would: words that a shell would not leave alone are quoted. */
export const commandLine = (words: readonly string[]): string =>
  words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');

/** Which statuses count as healthy: `200`, `200,202`, `200-299`, and mixtures; undefined when it is none of these or outside 200-499. */
export function parseMatcher(codes: string): ((status: number) => boolean) | undefined {
  const ranges = codes.split(',').map((part) => /^\s*(\d{3})(?:-(\d{3}))?\s*$/.exec(part));
  const bounds = ranges.map((match) => (match ? [Number(match[1]), Number(match[2] ?? match[1])] : undefined));
  if (
    bounds.some(
      (range) => !range || (range[0] ?? 0) < 200 || (range[1] ?? 0) > 499 || (range[0] ?? 0) > (range[1] ?? 0),
    )
  )
    return undefined;
  return (status) => bounds.some((range) => range && status >= (range[0] ?? 0) && status <= (range[1] ?? 0));
}

/** A form as browsers upload files with it: the fields that stand before the file, by their names in lower case, and the file. */
export interface PostedForm {
  readonly fields: ReadonlyMap<string, string>;
  readonly file: { readonly name: string; readonly type: string | undefined; readonly bytes: Uint8Array } | undefined;
}

/** The boundary that a content type of multipart/form-data names. */
export const boundaryOf = (contentType: string | undefined): string | undefined =>
  /^multipart\/form-data;.*\bboundary=(?:"([^"]+)"|([^\s;]+))/i
    .exec(contentType ?? '')
    ?.slice(1)
    .find(Boolean);

/** Reads a form (RFC 7578); undefined where it is malformed. What comes after the file is ignored, as S3 does. */
export function readForm(body: Uint8Array, boundary: string): PostedForm | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const fields = new Map<string, string>();
  let start = bytes.indexOf(`--${boundary}`);
  for (;;) {
    if (start < 0) return undefined;
    start += boundary.length + 2;
    if (bytes.toString('latin1', start, start + 2) === '--') return { fields, file: undefined };
    const headEnd = bytes.indexOf('\r\n\r\n', start);
    const end = headEnd < 0 ? -1 : bytes.indexOf(`\r\n--${boundary}`, headEnd + 2);
    if (end < 0) return undefined;
    const head = bytes.toString('utf8', start, headEnd);
    const content = bytes.subarray(headEnd + 4, Math.max(end, headEnd + 4));
    const name = /\bname="([^"]*)"/i.exec(head)?.[1];
    if (name === undefined) return undefined;
    if (name.toLowerCase() === 'file') return { fields, file: { ...fileFacts(head), bytes: content } };
    fields.set(name.toLowerCase(), content.toString('utf8'));
    start = end + 2;
  }
}

const fileFacts = (head: string) => ({
  // Some browsers send the whole path.
  name: (/\bfilename="([^"]*)"/i.exec(head)?.[1] ?? '').replace(/^.*[/\\]/, ''),
  type: /^content-type:\s*(.+)$/im.exec(head)?.[1]?.trim(),
});

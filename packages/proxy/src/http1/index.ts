export type { Field } from './fields.ts';
export { parseRequestHead, type RequestHead } from './request-head.ts';

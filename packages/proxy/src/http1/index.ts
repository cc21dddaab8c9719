export { parseRequestHead, type RequestHead } from './request-head.ts';

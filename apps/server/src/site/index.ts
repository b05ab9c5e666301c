// The public site of a record: what is on it, and how a desk serves it.
export { assets, pagesOf, wholeSite } from './wholeSite.ts';

// Manifest or batch totals? Told by the heading, never by the name: both are plain tables that a county writes beside what the vendor exports.
import { manifestColumn } from './manifest.ts';

export type CountyFile = 'manifest' | 'batch totals';

/** Which of the two the file is by its first bytes; undefined if neither. */
export function detectCountyFile(head: Uint8Array): CountyFile | undefined {
  // Only ASCII is looked for, and no byte is a fault.
  const text = new TextDecoder('windows-1252').decode(head).replace(/^ï»¿/, '').trimStart();
  const titles = /^[^\r\n]*/
    .exec(text)![0]
    .split(',')
    .map((title) => title.replaceAll('"', '').trim());
  const columns = new Set(titles.map((title) => manifestColumn(title)));
  if (columns.has('size') && columns.has('name')) return 'manifest';
  return titles[0]!.toLowerCase() === 'batch name' && titles.length > 1 ? 'batch totals' : undefined;
}

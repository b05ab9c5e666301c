// What is served, and to whom: only to this machine's own names, only the page and the record's own files.
import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { recordFromMap } from '@opencanvass/evidence/record';
import { servePage } from '../src/serve.ts';

const ask = (
  address: string,
  path: string,
  options: { host?: string; method?: string } = {},
): Promise<string> =>
  new Promise((resolve, reject) => {
    const { port, host } = new URL(address);
    request(
      {
        host: '127.0.0.1',
        port,
        path,
        method: options.method ?? 'GET',
        headers: { host: options.host ?? host },
      },
      (response) => {
        let text = '';
        response.on('data', (piece: Buffer) => (text += piece.toString()));
        response.on('end', () => resolve(`${response.statusCode} ${text.trim()}`));
      },
    )
      .on('error', reject)
      .end();
  });

describe('serve', () => {
  test('the page, the files of the record, and nothing else to nobody else', async () => {
    const record = recordFromMap(new Map([['checkpoint', new TextEncoder().encode('signed')]]));
    const { address, close } = await servePage('<p>the page', record, 0);
    try {
      expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
      expect(await ask(address, '/')).toBe('200 <p>the page');
      expect(await ask(address, '/record/checkpoint')).toBe('200 signed');
      for (const path of [
        '/record/other',
        '/record/../../etc/passwd',
        '/record/%2e%2e/package.json',
        '/package.json',
      ])
        expect(await ask(address, path), path).toBe('404 not found');
      expect(await ask(address, '/record/checkpoint', { host: 'attacker.example' })).toBe('403 forbidden');
      expect(await ask(address, '/', { method: 'POST' })).toBe('405 only GET');
    } finally {
      await close();
    }
  });
});

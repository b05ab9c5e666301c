import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { toUtf8 } from '../bytes/index.ts';
import {
  bundleCaps,
  readColoradoContests,
  readColoradoSeed,
  readCountyBundle,
  readSampledBatches,
} from './index.ts';

const codes = (reading: { ok: boolean; refusals?: readonly { code: string }[] }): string[] =>
  (reading.refusals ?? []).map((r) => r.code);
const report = (...rows: string[]): Uint8Array =>
  toUtf8(
    [
      '######## ELECTION INFO ########',
      'Organization,Election Name',
      'x,y',
      '######## SAMPLED BATCHES ########',
      'Jurisdiction Name,Batch Name,Ballots in Batch,Ticket Numbers: Mayor,Audited?,Reported Results: Mayor,Audit Results: Mayor,Change in Results: Mayor,Combined Batch',
      ...rows,
      'Totals,,300,,,Ann: 1; Bo: 2,Ann: 1; Bo: 2,,',
    ].join('\r\n'),
  );

describe('the sample of a batch-comparison audit', () => {
  test('tickets of several rounds, batches counted besides, names with blanks and colons', () => {
    const read = readSampledBatches(
      'report.csv',
      report(
        'ELK," B, 1",100,"Round 1: 0.41, 0.52, Round 2: 0.91",Yes,Ann: 3; Bo: the 2nd: 4,Ann: 3; Bo: the 2nd: 5,Bo: the 2nd: -1,',
        'ELK,B2,200,Round 1: EXTRA,No,Ann: 3; Bo: 4,,,Combines B2 and B3',
      ),
    );
    if (!read.ok) throw new Error(codes(read).join(' '));
    expect(read.value).toMatchObject([
      {
        jurisdiction: 'ELK',
        name: ' B, 1',
        ballots: 100,
        audited: true,
        combined: '',
        contests: [
          {
            contest: 'Mayor',
            tickets: [
              { round: 1, ticket: '0.41' },
              { round: 1, ticket: '0.52' },
              { round: 2, ticket: '0.91' },
            ],
            extra: false,
            counted: [{ name: 'Ann', votes: 3 }, { name: 'Bo: the 2nd', votes: 5 }],
            changed: true,
          },
        ],
      },
      { audited: false, combined: 'Combines B2 and B3', contests: [{ tickets: [], extra: true, counted: [] }] },
    ]); // oxfmt-ignore
  });
  test('what is no such sample is refused', () => {
    expect(codes(readSampledBatches('r.csv', toUtf8('######## CONTESTS ########\na,b\n')))).toEqual([
      'missing-section',
    ]);
    expect(codes(readSampledBatches('r.csv', report('ELK,B1,-1,,Yes,,,,')))).toEqual(['negative-count']);
    expect(codes(readSampledBatches('r.csv', report('ELK,B1,1,Round 1: seven,Yes,,,,')))).toEqual([
      'not-a-sample-row',
    ]);
    expect(codes(readSampledBatches('r.csv', report('ELK,B1,1,,Yes,Ann 3,,,')))).toEqual([
      'not-a-sample-row',
    ]);
    expect(codes(readSampledBatches('r.csv', toUtf8('######## SAMPLED BATCHES ########\nJurisdiction Name\n')))).toEqual(['missing-column', 'missing-column']); // oxfmt-ignore
  });
});

describe("counties' files in archives", () => {
  const files = { 'ELK/manifest (1).csv': toUtf8('a'), 'BEN-HILL/x.csv': toUtf8('b') };
  test('folders, in an archive or in an archive within one, by the folder', () => {
    for (const bytes of [zipSync(files), zipSync({ 'inner.zip': zipSync(files) })]) {
      const read = readCountyBundle('b.zip', bytes);
      expect(read.ok && read.value.files.map((f) => `${f.jurisdiction}: ${f.name}`)).toEqual(['ELK: manifest (1).csv', 'BEN-HILL: x.csv']); // oxfmt-ignore
    }
  });
  test('what is no bundle is refused, a bomb before it is unpacked', () => {
    const bomb = zipSync({ 'inner.zip': zipSync({ 'ELK/zeros.csv': new Uint8Array(bundleCaps.entryBytes + 1) }) }, { level: 1 }); // oxfmt-ignore
    const refusedBomb = readCountyBundle('b.zip', bomb);
    expect(refusedBomb.ok).toBe(false);
    expect(codes(readCountyBundle('b.zip', zipSync({ 'a.zip': zipSync(files), 'b.zip': zipSync(files) })))).toEqual(['several-archives']); // oxfmt-ignore
    expect(codes(readCountyBundle('b.zip', zipSync({ 'no-folder.csv': toUtf8('a') })))).toEqual([
      'empty-bundle',
    ]);
    expect(readCountyBundle('b.zip', toUtf8('no archive')).ok).toBe(false);
  });
});

describe("Colorado's files", () => {
  test('a seed is one line of digits', () => {
    expect(readColoradoSeed('s', toUtf8('seed\r\n01234\r\n\r\n'))).toMatchObject({
      ok: true,
      value: { seed: '01234' },
    });
    expect(codes(readColoradoSeed('s', toUtf8('seed\n12\n34\n')))).toEqual(['not-a-seed']);
    expect(codes(readColoradoSeed('s', toUtf8('seed\n12x\n')))).toEqual(['not-a-seed']);
    expect(codes(readColoradoSeed('s', toUtf8('seeds\n12\n')))).toEqual(['missing-column']);
  });
  const header =
    'contest_name,audit_reason,random_audit_status,ballot_card_count,min_margin,risk_limit,audited_sample_count,two_vote_over_count,one_vote_over_count,one_vote_under_count,two_vote_under_count,zero_discrepancy_count,gamma,overstatements,optimistic_samples_to_audit,estimated_samples_to_audit';
  test('contests are read by title, with columns of another year among them', () => {
    const read = readColoradoContests('c', toUtf8(`${header}\n"Mayor, ""North""",county_wide_contest,in_progress,100,10,0.03000000,5,1,2,3,4,99,1.03905000,0,77,78\n`)); // oxfmt-ignore
    expect(read).toMatchObject({
      ok: true,
      value: [{ contest: 'Mayor, "North"', cards: 100, margin: 10, riskLimit: 0.03, o1: 2, o2: 1, u1: 3, u2: 4, optimistic: 77, estimated: 78 }], // oxfmt-ignore
    });
    expect(codes(readColoradoContests('c', toUtf8(`${header}\nMayor,a,b,100,10,x,5,1,2,3,4,99,1.03905,0,77,78\n`)))).toEqual(['not-a-number']); // oxfmt-ignore
    expect(codes(readColoradoContests('c', toUtf8(`${header}\n`)))).toEqual(['no-rows']);
  });
});

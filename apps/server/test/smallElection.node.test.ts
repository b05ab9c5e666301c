// The small election of five counties that a deployed tool is tested with (shared data), through the API: its files go in as they are.
import { readdirSync, readFileSync } from 'node:fs';
import { jurisdictionId, contestId } from '@opencanvass/evidence/election';
import { readBatchTotals } from '@opencanvass/evidence/formats';
import { recordFromMap } from '@opencanvass/evidence/record';
import { verify } from '@opencanvass/evidence/verify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { haveShared, sharedFile } from '../../../tests/sharedData.ts';
import { openSeals, published } from './published.ts';
import { TestDesk, type Person } from './testDesk.ts';

const name = 'Minister of Farming';
const contest = contestId(name);

describe.skipIf(!haveShared())('the small election', () => {
  const folder = sharedFile('data/small-election');
  const read = (file: string): Uint8Array => new Uint8Array(readFileSync(`${folder}/${file}`));
  let t: TestDesk;
  beforeAll(async () => void (t = await TestDesk.open()));
  afterAll(() => t.close());

  test(
    'its manifests, batch totals and cast vote records are sealed, drawn from and confirmed',
    { timeout: 120_000 },
    async () => {
      const counties = readdirSync(folder)
        .filter((f) => f.endsWith('ballot manifest.csv'))
        .map((f) => f.replace(' - ballot manifest.csv', ''));
      expect(counties).toHaveLength(5);
      // Reported is what the batches add up to.
      const lines = ['contest,jurisdiction,choice,votes'];
      const counted = new Map<string, readonly number[]>();
      for (const county of counties) {
        const totals = readBatchTotals('t', read(`${county} - ${name} - candidate totals by batch.csv`));
        if (!totals.ok) throw new Error(JSON.stringify(totals.refusals));
        const [{ choices, batches, votes }] = totals.value as unknown as [(typeof totals.value)[number]];
        for (const [c, choice] of choices.entries())
          lines.push(
            `${name},${county},${choice},${batches.reduce((n, _, b) => n + votes[b * choices.length + c]!, 0)}`,
          );
        for (const [b, batch] of batches.entries())
          counted.set(`${jurisdictionId(county)} ${batch}`, [
            ...votes.subarray(b * choices.length, (b + 1) * choices.length),
          ]);
      }
      const state = await t.firstAccount();
      const query = { name: 'results.csv', election: 'Small Election', date: '2026-11-03' };
      await t.do(state.client, 'setUp', { query, file: new TextEncoder().encode(`${lines.join('\n')}\n`) });
      await t.key(state, state);
      const managers = new Map<string, Person>();
      for (const title of counties) {
        const county = jurisdictionId(title);
        const manager = await t.account(state, county, 'county manager', county);
        managers.set(county, manager);
        const files: readonly [string, 'manifest' | 'batchTotals' | 'cvrs'][] = [
          [`${title} - ballot manifest.csv`, 'manifest'],
          [`${title} - ${name} - candidate totals by batch.csv`, 'batchTotals'],
          [`${title} - cvrs.csv`, 'cvrs'],
        ];
        for (const [file, route] of files)
          await t.do(manager.client, route, {
            params: { county, contest },
            query: { name: file },
            file: read(file),
          });
        const { findings } = await t.do(manager.client, 'checkInputs', { params: { county } });
        expect(
          findings.filter((f) => f.weight === 'stop'),
          title,
        ).toEqual([]);
        await t.sign(manager, await t.do(manager.client, 'seal', { params: { county } }));
      }
      await t.do(state.client, 'announce', {
        body: { contests: [{ contest, method: 'batch comparison', riskLimit: '0.1' }] },
      });
      const body = { seed: '27182818284590452353', how: 'dice', witnesses: ['Ona Observer'] };
      await t.sign(state, await t.do(state.client, 'seed', { body }));
      const round = async (draws: number) => {
        const { units } = await t.do(state.client, 'draw', { params: { contest }, body: { draws } });
        for (const county of new Set(units.map((u) => u.jurisdiction))) {
          const board = await t.board(managers.get(county)!, county);
          for (const unit of (await t.do(board, 'work', {})).units)
            if (!unit.contests[0]!.done)
              await t.do(board, 'readBatch', {
                body: {
                  contest,
                  unit: unit.id,
                  votes: [...counted.get(`${county} ${unit.batch}`)!],
                  confirmedByBoth: true,
                },
              });
        }
        return (await t.do(state.client, 'assess', { params: { contest } })).contest;
      };
      // Few of many cards hold the contest: ten draws are too few, and the desk says so.
      expect(await round(10)).toMatchObject({ ending: 'go on' });
      const after = await round(10);
      // The specification of the election names Erin George the winner.
      expect(after).toMatchObject({ ending: 'confirmed', winners: ['erin-george'] });
      expect(after.rounds).toHaveLength(2);

      // Whoever has the record, its seals open, comes to the same.
      const canvass = await t.account(state, 'canvass', 'canvass board');
      const words = 'We sign what the audit came to.';
      await t.sign(canvass, await t.do(canvass.client, 'certify', { body: { words } }));
      await openSeals(t, state);
      const { findings } = verify(recordFromMap(await published(t.desk.keeper)));
      for (const check of [
        'seals-opened',
        'batch-totals-equal-results',
        'sample-drawn-again',
        'only-drawn-read',
        'read-by-two-parties',
        'assessed-again',
        'certificate-says-outcome',
      ])
        expect(findings.filter((f) => f.check === check)).toMatchObject([{ word: 'holds' }]);
      expect(findings.filter((f) => f.word === 'fails')).toEqual([]);
    },
  );
});

// A generated county reads back, in every format, as what the generator itself counted while it made it.
import { describe, expect, test } from 'vitest';
import { filesOfZip, readCvrExport } from '@opencanvass/evidence/formats';
import type { InputFile } from '@opencanvass/evidence/formats';
import { UnitTallier } from '@opencanvass/evidence/tally';
import { county } from '../bench/generate/county.ts';
import { countyFormats } from '../bench/generate/vendors.ts';

const size = { cards: 2500, contests: 6, choices: 3, seed: 11 };

describe('a generated county', () => {
  test.each(Object.keys(countyFormats))('%s', async (format) => {
    const of = county(size);
    const made = countyFormats[format]!(of).map(({ name, bytes }): InputFile => {
      const blocks = [...bytes()];
      return { name, bytes: async function* () { yield* blocks; } }; // oxfmt-ignore
    });
    const opened = made.length === 1 ? await filesOfZip(made[0]!) : { ok: true as const, value: made };
    const tallier = new UnitTallier();
    const reading = await readCvrExport(opened.ok ? opened.value : [], tallier);
    expect(reading).toMatchObject({ ok: true, value: { records: size.cards }, rowsRefused: [] });
    const { header, units } = tallier.tally;
    expect(header.format).toBe(format === 'unisyn-xml' ? 'nist-cvr-xml' : format);
    const found = of.contests.map((name, c) => {
      // .raire has numbers for names, and no overvotes.
      const at = header.contests.findIndex((x) => x.name === (format === 'raire' ? String(c + 1) : name));
      const { cards, blank, overvoted, votes } = units[0]!.contests[at]!;
      const votesOf = (k: number): number =>
        votes[header.contests[at]!.choices.findIndex((x) => x.name === of.choice(c, k))]!;
      return { cards, blank, overvoted, votes: [0, 1, 2].map(votesOf) };
    });
    expect(found).toEqual(
      of.cards.map(({ onCard, blank, overvoted }, c) => ({
        cards: onCard,
        blank: format === 'raire' ? blank + overvoted : blank,
        overvoted: format === 'raire' ? 0 : overvoted,
        votes: [...of.totals[c]!],
      })),
    );
    expect(of.cards[0]!.overvoted).toBeGreaterThan(0);
    expect(of.cards[5]!.onCard).toBeLessThan(size.cards);
  });
});

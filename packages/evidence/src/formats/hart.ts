// Hart Verity's cast vote records: an XML file for each sheet, in a folder or a zip, zips for each tabulator within it. <Value> is a string of
// digits, one for each rank: "0100" is the second, "0101" the second and the fourth; not ranked, it is "1". How many votes a voter has
// is not said. A write-in has no name of its own: the option's Id tells its line, <WriteInData> what was written and what was decided on it.
import { cvrChoice, cvrContest, emptyNames, voteCodes } from '../cvr/index.ts';
import type { CvrConsumer, WriteIn } from '../cvr/index.ts';
import { allBytes, fileInMemory, type InputFile } from './input.ts';
import { Intake } from './intake.ts';
import { markRanking } from './rankedMarks.ts';
import type { CvrReading, Reading, Refusal } from './reading.ts';
import type { VoteFor } from './voteFor.ts';
import { readXml } from './xml.ts';
import { defaultZipCaps, readZip } from './zip.ts';

export const hartReader = { reader: 'hart-xml', version: '1' } as const;

/** One sheet is a few thousand bytes. A zip within another is held in memory: a tabulator's. */
const largestSheet = 16 * 1024 * 1024;
const largestZip = 2 ** 28;

const again = 'ask for the sheet again; it was left out of every count';
const refusalOf = (code: string, file: string, expected: string, found: string, todo: string): Refusal => ({
  code,
  file,
  expected,
  found,
  todo,
});

/** Reads sheets and zips of sheets; the name of a zip within is the tabulator's. Files that are no sheet are passed over. */
export async function readHart(
  files: readonly InputFile[],
  to: CvrConsumer,
  voteFor?: VoteFor,
): Promise<Reading<CvrReading>> {
  const sheets = new HartSheets(to, voteFor);
  await sheets.intake.deliver();
  for (const file of files) {
    const fault = await sheets.readFile(file, '', 0);
    if (fault !== undefined) return { ok: false, refusals: [fault] };
  }
  return sheets.finish(files[0]?.name ?? '');
}

/** Sheets and zips; not signatures, images of write-ins, or what a Mac leaves behind. */
const isPart = (name: string): boolean =>
  /\.(xml|zip)$/i.test(name) &&
  !/\.sig\.xml$/i.test(name) &&
  !/(^|\/)(WriteIn|__MACOSX)\//i.test(name) &&
  !/(^|\/)\._/.test(name);

const isZip = (name: string): boolean => /\.zip$/i.test(name);

interface Option {
  id: string;
  name: string;
  value: string;
  /** What the voter wrote, if the option is a write-in line. */
  writeIn: { text: string; status: string } | undefined;
}
interface SheetContest {
  id: string;
  name: string;
  options: Option[];
  overvoted: boolean;
  invalid: boolean;
}

/** Names of files that were passed over, in a remark: so many and no more. */
const mostNamed = 20;

class HartSheets {
  readonly intake: Intake;
  readonly #voteFor: VoteFor | undefined;
  /** By id and name: two contests have been met under one id. */
  readonly #contests = new Map<string, { c: number; choices: Map<string, number> }>();
  readonly #utf8 = new TextEncoder();
  #sheets = 0;
  #passed = 0;

  constructor(to: CvrConsumer, voteFor: VoteFor | undefined) {
    this.intake = new Intake(
      { election: '', format: hartReader.reader, contests: [], names: emptyNames() },
      to,
    );
    this.#voteFor = voteFor;
  }

  /** Reads a sheet, or those of a zip; gives back what is wrong with an archive as a whole. */
  async readFile(file: InputFile, tabulator: string, depth: number): Promise<Refusal | undefined> {
    if (isZip(file.name)) return this.#readZip(file, tabulator, depth);
    if (!isPart(file.name)) {
      if (++this.#passed <= mostNamed)
        this.intake.remarks.push({
          code: 'passed-over',
          file: file.name,
          expected: 'a sheet (.xml)',
          found: 'another file',
        });
      return undefined;
    }
    this.#sheets += 1;
    const bytes = await allBytes(file, largestSheet);
    const refusal =
      bytes === undefined
        ? refusalOf('too-large', file.name, `a sheet of at most ${largestSheet} bytes`, 'more', again)
        : this.#readSheet(bytes, file.name, tabulator);
    if (refusal !== undefined) this.intake.refused.add(refusal);
    await this.intake.deliver();
    return undefined;
  }

  async #readZip(file: InputFile, tabulator: string, depth: number): Promise<Refusal | undefined> {
    const refuse = (code: string, expected: string, found: string): Refusal =>
      refusalOf(code, file.name, expected, found, 'unpack the archive and give the folder');
    if (depth > 2) return refuse('zip-bomb', 'zips at most two deep', 'deeper');
    const archive = file.place ?? (await allBytes(file, largestZip));
    if (archive === undefined)
      return refuse('too-large', `a zip within another of at most ${largestZip} bytes`, 'more');
    const zip = readZip(archive, file.name, defaultZipCaps, file.inflater);
    if (!zip.ok) return zip.refusals[0];
    const name = file.name.slice(Math.max(file.name.lastIndexOf('/'), file.name.lastIndexOf('!')) + 1);
    const of = depth === 0 ? tabulator : name.replace(/\.zip$/i, '');
    for (const entry of zip.entries) {
      if (!isPart(entry.name)) continue;
      const most = isZip(entry.name) ? largestZip : largestSheet;
      if (entry.size > most)
        return refuse('too-large', `entries of at most ${most} bytes`, `${entry.name}: ${entry.size}`);
      const unpacked = entry.bytes();
      if (!unpacked.ok) return unpacked.refusal;
      const inner = fileInMemory(`${file.name}!${entry.name}`, unpacked.bytes);
      const fault = await this.readFile(inner, of, depth + 1);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  async finish(file: string): Promise<Reading<CvrReading>> {
    if (this.#sheets === 0) {
      const none = refusalOf(
        'no-sheets',
        file,
        'XML files of Hart',
        'no sheet',
        'give the folder or zip of sheets',
      );
      return { ok: false, refusals: [none] };
    }
    if (this.#passed > mostNamed)
      this.intake.remarks.push({
        code: 'passed-over',
        file,
        expected: 'sheets (.xml)',
        found: `${this.#passed} other files`,
      });
    return this.intake.finish(file);
  }

  #readSheet(bytes: Uint8Array, file: string, tabulator: string): Refusal | undefined {
    const sheet = parse(bytes, file);
    if ('code' in sheet) return sheet;
    const { builder } = this.intake;
    builder.card();
    for (const contest of sheet.contests) {
      const fault = this.#vote(contest);
      if (fault === undefined) continue;
      builder.withdraw();
      return { ...refusalOf('not-a-value', file, fault.expected, fault.found, again), field: contest.name };
    }
    const guid = this.#utf8.encode(sheet.fields['CvrGuid'] ?? '');
    builder.imprinted(guid, 0, guid.length);
    const sequence = this.#utf8.encode(sheet.fields['BatchSequence'] ?? '');
    builder.record(sequence, 0, sequence.length);
    if (tabulator !== '') builder.attribute('tabulator', builder.code('tabulator', tabulator));
    builder.attribute('batch', builder.code('batch', sheet.fields['BatchNumber'] ?? ''));
    builder.attribute('precinct', builder.code('precinct', sheet.fields['PrecinctSplit'] ?? ''));
    this.intake.cardDone();
    return undefined;
  }

  #vote({
    id,
    name,
    options,
    overvoted,
    invalid,
  }: SheetContest): { expected: string; found: string } | undefined {
    const { builder } = this.intake;
    const key = `${id}\n${name.replace(/\s+/g, ' ').trim()}`;
    let known = this.#contests.get(key);
    if (known === undefined) {
      const contest = cvrContest(name.replace(/\s+/g, ' ').trim(), undefined, 0, id);
      const voteFor = this.#voteFor?.get(contest.id);
      known = { c: builder.header.contests.push({ ...contest, voteFor }) - 1, choices: new Map() };
      this.#contests.set(key, known);
    }
    const { c, choices } = known;
    const ranks: number[][] = [];
    const marked: number[] = [];
    const written: Omit<WriteIn, 'record' | 'contest'>[] = [];
    for (const option of options) {
      if (!/^[01]{1,255}$/.test(option.value))
        return { expected: 'a value of digits 0 and 1', found: option.value };
      let choice = choices.get(option.id);
      if (choice === undefined) {
        // A line that somebody has decided on keeps its Id and bears that person's name on this sheet only.
        const isLine = option.writeIn !== undefined || option.name === '';
        const more = { key: option.id, ...(isLine ? { writeIn: 'line' as const } : {}) };
        choice =
          builder.header.contests[c]!.choices.push(cvrChoice(isLine ? 'Write-in' : option.name, more)) - 1;
        choices.set(option.id, choice);
      }
      // More than one digit: the contest is ranked. All sheets before that had no mark in it, or this one's length.
      const contest = builder.header.contests[c]!;
      if (option.value.length > Math.max(1, contest.ranks))
        builder.header.contests[c] = { ...contest, ranks: option.value.length };
      for (let r = 0; r < option.value.length; r++) {
        if (option.value[r] !== '1') continue;
        while (ranks.length <= r) ranks.push([]);
        ranks[r]!.push(choice);
        if (!marked.includes(choice)) marked.push(choice);
        if (option.writeIn !== undefined)
          written.push({ ...option.writeIn, text: option.writeIn.text || option.name, choice, rank: r + 1 });
      }
    }
    const ranked = builder.header.contests[c]!.ranks > 0;
    for (const said of written) builder.writeIn({ ...said, contest: c, rank: ranked ? said.rank : 0 });
    // No party stands on a ranked contest: the flag says nothing of its ranks. Whether marks of one's own stand beside an invalid straight-party
    // vote is for the state's law; the records keep them, as votes that the export calls invalid.
    if (invalid && !ranked) {
      builder.vote(c, voteCodes.invalid);
      for (const choice of marked) builder.mark(c, choice, 0);
    } else if (ranked) markRanking(builder, c, ranks);
    else if (overvoted) {
      builder.vote(c, voteCodes.overvoted);
      for (const choice of marked) builder.mark(c, choice, 0);
    } else builder.marked(c, marked, marked.length);
    return undefined;
  }
}

function parse(
  bytes: Uint8Array,
  file: string,
): { contests: SheetContest[]; fields: Record<string, string> } | Refusal {
  const contests: SheetContest[] = [];
  const fields: Record<string, string> = {};
  const path: string[] = [];
  let text = '';
  const fault = readXml(bytes, file, {
    open(name) {
      path.push(name);
      text = '';
      const contest = contests.at(-1);
      if (name === 'Contest')
        contests.push({ id: '', name: '', options: [], overvoted: false, invalid: false });
      else if (name === 'Option') contest?.options.push({ id: '', name: '', value: '', writeIn: undefined });
      else if (name === 'WriteInData') {
        const option = contest?.options.at(-1);
        if (option !== undefined) option.writeIn = { text: '', status: '' };
      } else if (name === 'Overvoted' && contest !== undefined) contest.overvoted = true;
      else if (name === 'InvalidStraightPartyVote' && contest !== undefined) contest.invalid = true;
    },
    text(part) {
      text += part;
    },
    close(name) {
      path.pop();
      const parent = path.at(-1);
      const contest = contests.at(-1);
      const value = text.trim();
      text = '';
      if (parent === 'Contest' && contest !== undefined) {
        if (name === 'Name') contest.name = value;
        else if (name === 'Id') contest.id = value;
      } else if (parent === 'Option') {
        const option = contest?.options.at(-1);
        if (option === undefined) return;
        if (name === 'Name') option.name = value;
        else if (name === 'Id') option.id = value;
        else if (name === 'Value') option.value = value;
      } else if (parent === 'WriteInData') {
        const said = contest?.options.at(-1)?.writeIn;
        if (said === undefined) return;
        if (name === 'Text') said.text = value;
        else if (name === 'WriteInDataStatus') said.status = value;
      } else if (parent === 'PrecinctSplit' && name === 'Name') fields['PrecinctSplit'] = value;
      else if (parent === 'Cvr' && value !== '') fields[name] = value;
    },
  });
  if (fault !== undefined) return fault;
  if (fields['CvrGuid'] === undefined)
    return {
      code: 'not-a-sheet',
      file,
      expected: 'a Cvr with a CvrGuid',
      found: 'none',
      todo: 'give the folder of sheets',
    };
  return { contests, fields };
}

// A contest on a card, as Dominion's JSON export says it: its numbers as they stand there, meaning nothing yet. Nearly all bytes of an export are
// of these objects, and nearly all of them are like one before but for their numbers (`Forms`).
import { beyond, Fault, KeyList } from './jsonCursor.ts';
import type { JsonCursor } from './jsonCursor.ts';
import { Forms } from './jsonForms.ts';

/** Marks of one contest. */
export const mostMarks = 4096;

/** The contest that was read last. -1 is what the export does not say. */
export class ContestText {
  id = -1;
  overvotes = -1;
  /** Ids of OutstackConditionManifest.json. */
  readonly conditions: number[] = [];
  marks = 0;
  /** By mark. */
  readonly candidates: Float64Array = new Float64Array(mostMarks);
  readonly ranks: Float64Array = new Float64Array(mostMarks);
  /** Which place for a name it is. */
  readonly writeIns: Float64Array = new Float64Array(mostMarks);
  /** 1: the mark is unambiguous; 2: it is a vote; 3: both. */
  readonly counts: Uint8Array = new Uint8Array(mostMarks);
  readonly #json: JsonCursor;
  readonly #contestKeys = new KeyList('Id', 'Overvotes', 'OutstackConditionIds', 'Marks');
  readonly #markKeys = new KeyList('CandidateId', 'Rank', 'IsAmbiguous', 'IsVote', 'WriteinIndex');
  readonly #forms = new Forms<Int32Array>();

  constructor(json: JsonCursor) {
    this.#json = json;
  }

  /** Reads the contest at the cursor's place. */
  read(): void {
    const json = this.#json;
    json.peek();
    const from = json.p;
    const form = this.#forms.filledAt(json.bytes, json.view, from);
    if (form === undefined) {
      this.#read();
      this.#learn(from);
    } else {
      this.#fill(form, this.#forms.numbers);
      json.p = this.#forms.end;
    }
  }

  #readMarks(): void {
    const json = this.#json;
    let n = 0;
    if (!json.openList())
      do {
        if (n === mostMarks) json.fault('too-many-marks', `at most ${mostMarks} marks in a contest`);
        let candidate = -1;
        let rank = -1;
        let ambiguous = false;
        let vote: boolean | undefined;
        let writeIn = -1;
        this.#markKeys.last = 64;
        if (json.openObject())
          do {
            switch (json.key(this.#markKeys)) {
              case 0:
                candidate = json.int();
                break;
              case 1:
                rank = json.int();
                break;
              case 2:
                ambiguous = json.bool();
                break;
              case 3:
                vote = json.bool();
                break;
              case 4:
                writeIn = json.int();
                break;
              default:
                json.skip();
            }
          } while (json.nextInObject());
        if (candidate < 0) throw new Fault('missing-key', 'CandidateId', 'a mark without it');
        this.candidates[n] = candidate;
        this.ranks[n] = rank;
        this.writeIns[n] = writeIn;
        this.counts[n] = (ambiguous ? 0 : 1) + ((vote ?? !ambiguous) ? 2 : 0);
        n += 1;
      } while (!json.nextInList());
    this.marks = n;
  }

  #read(): void {
    const json = this.#json;
    let seen = false;
    this.id = this.overvotes = -1;
    this.conditions.length = 0;
    this.marks = 0;
    this.#contestKeys.last = 64;
    if (json.openObject())
      do {
        switch (json.key(this.#contestKeys)) {
          case 0:
            this.id = json.int();
            break;
          case 1:
            this.overvotes = json.int();
            break;
          case 2:
            if (!json.openList())
              do this.conditions.push(json.int());
              while (!json.nextInList());
            break;
          case 3:
            if (seen) throw new Fault('key-repeated', 'Marks once', 'twice');
            seen = true;
            this.#readMarks();
            break;
          default:
            json.skip();
        }
      } while (json.nextInObject());
  }

  /** Keeps what was read as a form: which of its numbers is what, in the order of the fields above, lists after their lengths. */
  #learn(from: number): void {
    const json = this.#json;
    const block = json.bytes;
    this.#forms.learn(block.subarray(from, json.p), (numbered) => {
      const padded = new Uint8Array(numbered.length + beyond);
      padded.set(numbered);
      json.load(padded, 0);
      this.#read();
      const { id, overvotes, conditions, marks, candidates, ranks, writeIns, counts } = this;
      const form = [id, overvotes, conditions.length, ...conditions, marks];
      for (let m = 0; m < marks; m++) form.push(candidates[m]!, ranks[m]!, writeIns[m]!, counts[m]!);
      json.load(block, from);
      this.#read();
      return Int32Array.from(form);
    });
  }

  #fill(form: Int32Array, numbers: Float64Array): void {
    const number = (which: number): number => (which < 0 ? -1 : numbers[which]!);
    this.id = number(form[0]!);
    this.overvotes = number(form[1]!);
    let at = 2;
    const conditions = form[at++]!;
    this.conditions.length = 0;
    for (let i = 0; i < conditions; i++) this.conditions.push(number(form[at++]!));
    const marks = form[at++]!;
    for (let m = 0; m < marks; m++) {
      this.candidates[m] = number(form[at]!);
      this.ranks[m] = number(form[at + 1]!);
      this.writeIns[m] = number(form[at + 2]!);
      this.counts[m] = form[at + 3]!;
      at += 4;
    }
    this.marks = marks;
  }
}

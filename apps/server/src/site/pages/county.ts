// A county's page: six questions that a voter asks, each answered yes, no or cannot tell, and by what.
import { findingInWords, grouped, verdictsTogether } from '@opencanvass/evidence/sentences';
import type { Finding } from '@opencanvass/evidence/checks';
import type { Jurisdiction } from '@opencanvass/evidence/election';
import {
  entries,
  fileName,
  hasEnded,
  isIn,
  movedIn,
  readInCounty,
  type Context,
  type Page,
} from '../context.ts';
import { badge, placeOf, table, way } from '../frame.ts';
import { html, type Html } from '../html.ts';
import type { AnswerTo, Question } from '../words.ts';
import { signed } from './contests.ts';

interface Answered {
  readonly question: Question;
  readonly asked: string;
  readonly answer: AnswerTo;
  readonly answerInWords: string;
  readonly how: readonly string[];
}

/** `paper`: the pages that have the county's batches one by one. */
export function countyPage(c: Context, county: Jurisdiction, paper: readonly Page[]): Page {
  const { words: w } = c;
  const found = foundIn(c, county);
  const reportedOnly = new Set(c.verdicts.filter((v) => v.reportedOnly).map((v) => v.contest));
  const data = {
    county: county.id,
    name: county.name,
    answers: (['listed', 'sealed', 'looked', 'agrees', 'explained', 'stands'] as const).map((q) =>
      answer(c, county, q, found),
    ),
    paper: paper.map((p) => p.path),
    counts: c.sides.flatMap((side) => {
      const row = side.counties.find((r) => r.id === county.id);
      if (row?.reported === undefined && row?.counted === undefined) return [];
      return [
        {
          contest: side.contest.name,
          reportedOnly: reportedOnly.has(side.contest.name),
          rows: side.choices.map((k, i) => ({
            choice: k.name,
            reported: row.reported?.[i],
            counted: row.counted?.[i],
          })),
        },
      ];
    }),
    findings: found.map((f) => ({
      check: f.check,
      word: f.word,
      ...inWords(c, f),
      here: f.units
        .filter((u) => u.jurisdiction === county.id)
        .slice(0, 20)
        .map((u) => u.name ?? ''),
      explanations: explanationsOf(c, f),
    })),
  };
  const path = `counties/${fileName(county.id)}.html`;
  return {
    path,
    title: w.countyPage.title(county.name),
    section: 'counties',
    data,
    content: show(c, data, path),
  };
}

function show(
  c: Context,
  d: {
    readonly name: string;
    readonly paper: readonly string[];
    readonly answers: readonly Answered[];
    readonly counts: readonly {
      readonly contest: string;
      readonly reportedOnly: boolean;
      readonly rows: readonly {
        readonly choice: string;
        readonly reported: number | undefined;
        readonly counted: number | undefined;
      }[];
    }[];
    readonly findings: readonly {
      readonly statement: string;
      readonly inWords: string;
      readonly size: string;
      readonly word: string;
      readonly here: readonly string[];
      readonly explanations: readonly string[];
    }[];
  },
  path: string,
): Html {
  const { words: w } = c;
  const k = w.contestPage;
  const number = (n: number | undefined): string => (n === undefined ? '–' : grouped(n));
  const only = d.counts.filter((k) => k.reportedOnly);
  const looked = d.counts.filter((k) => !k.reportedOnly);
  return html`<p class="lead">
      ${w.countyPage.lead}
      <a href="${way(placeOf(c.language, path), placeOf(c.language, 'counties.html'))}"
        >${w.countyPage.all}</a
      >
    </p>
    <ol class="answers">
      ${d.answers.map(
        (a) =>
          html`<li>
            <h2>${a.asked}</h2>
            <p class="answer">${badge(a.answer, a.answerInWords)}</p>
            ${a.how.map((h) => html`<p>${h}</p>`)}
          </li>`,
      )}
    </ol>
    ${looked.length > 0 && html`<h2>${w.countyPage.differences}</h2>`} ${looked.map(counts)}
    ${
      only.length > 0 &&
      html`<details>
        <summary>${w.countyPage.reportedOnly(grouped(only.length))}</summary>
        ${only.map(counts)}
      </details>`
    }
    ${
      d.paper.length > 0 &&
      html`<p class="pages">
        ${w.paperPage.title(d.name)}:
        ${d.paper.map((to, i) => html`<a href="${way(placeOf(c.language, path), placeOf(c.language, to))}">${i + 1}</a> `)}
      </p>`
    }
    ${
      d.findings.length > 0 &&
      html`<section aria-labelledby="findings">
        <h2 id="findings">${w.countyPage.findings}</h2>
        <ul class="findings">
          ${d.findings.map(
            (f) =>
              html`<li>
                ${badge(f.word, f.inWords)} ${f.statement}
                ${f.here.some((n) => n !== '') && html`<p class="small">${f.here.filter((n) => n !== '').join(' · ')}</p>`}
                ${f.explanations.map((e) => html`<blockquote><p>${w.discrepanciesPage.explanation}: ${e}</p></blockquote>`)}
              </li>`,
          )}
        </ul>
      </section>`
    }`;

  function counts(count: (typeof d.counts)[number]): Html {
    const both = count.rows.some((r) => r.counted !== undefined);
    return table(
      count.contest,
      [
        { name: k.choice },
        { name: k.reported, numeric: true },
        ...(both
          ? [
              { name: k.counted, numeric: true },
              { name: k.difference, numeric: true },
            ]
          : []),
      ],
      count.rows.map((r) => [
        r.choice,
        number(r.reported),
        ...(both
          ? [
              number(r.counted),
              r.reported === undefined || r.counted === undefined ? '–' : signed(r.counted - r.reported),
            ]
          : []),
      ]),
    );
  }
}

/** Checks of the election that fail, and name this county among the places concerned. */
const foundIn = ({ verification }: Context, { id }: Jurisdiction): readonly Finding[] =>
  verification.findings.filter(
    (f) => f.of === 'election' && f.word === 'fails' && f.units.some((u) => u.jurisdiction === id),
  );

function inWords(c: Context, f: Finding) {
  const { word, statement, size } = findingInWords(f, c.election, c.language);
  return { inWords: word, statement, size };
}

function explanationsOf({ verification }: Context, f: Finding): string[] {
  return (verification.evidence?.explanations ?? [])
    .filter((e) => f.explainedBy.includes(e.position))
    .map((e) => e.words);
}

// ── the six answers ──

function answer(c: Context, county: Jurisdiction, question: Question, found: readonly Finding[]): Answered {
  const [word, ...how] = answerers[question](c, county, found);
  return {
    question,
    asked: c.words.questions[question],
    answer: word,
    answerInWords: c.words.answers[word],
    how,
  };
}

/** Twenty names at most. */
const shortList = (names: readonly string[]): string =>
  `${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}`;

type Answerer = (
  c: Context,
  county: Jurisdiction,
  found: readonly Finding[],
) => readonly [AnswerTo, ...string[]];

const isConducted = ({ verification }: Context): boolean => verification.record?.kind === 'conducted';

const answerers: Readonly<Record<Question, Answerer>> = {
  listed: (c, { id }) => {
    const { how } = c.words;
    const manifest = c.acts.counties.get(id)?.manifest;
    if (manifest !== undefined)
      return [
        'yes',
        how.listed(
          grouped(manifest.batches),
          grouped(manifest.size),
          manifest.counts === 'cards' ? how.cards : how.ballots,
        ),
      ];
    return isConducted(c) ? ['not yet', how.notListed] : ['cannot tell', how.noManifest];
  },

  sealed: (c, { id }) => {
    const { how } = c.words;
    const sealed = c.acts.commitments.filter((s) => s.county === id).map((s) => s.entry);
    if (!isConducted(c)) return ['cannot tell', how.sealUnknown];
    if (sealed.length === 0) return ['not yet', how.notSealed];
    if (c.acts.seed === undefined) return ['yes', how.sealedSoFar(entries(c, sealed))];
    const before = sealed.every((entry) => entry < c.acts.seed!.entry);
    return [before ? 'yes' : 'no', how.sealedBefore(entries(c, sealed), entries(c, [c.acts.seed.entry]))];
  },

  looked: (c, { id }) => {
    const { how } = c.words;
    const hands = [...(c.acts.counties.get(id)?.handCounts.values() ?? [])];
    if (hands.length > 0) return ['yes', how.handCounted(grouped(Math.max(...hands.map((h) => h.batches))))];
    if (!isConducted(c)) return ['cannot tell', how.noPaper];
    if (![...c.acts.contests.values()].some((a) => a.rounds.length > 0)) return ['not yet', how.notDrawn];
    const { drawn, read } = readInCounty(c, id);
    if (drawn === 0) return ['no', how.nothingHere];
    return [
      read === drawn ? 'yes' : read > 0 ? 'in part' : 'not yet',
      how.drawnAndRead(grouped(read), grouped(drawn)),
    ];
  },

  agrees: (c, { id }) => {
    const { how } = c.words;
    const moved = movedIn(c, id);
    if (moved.length > 0)
      return [
        moved.every((m) => m.gross === 0) ? 'yes' : 'not exactly',
        ...moved.map((m) =>
          m.gross === 0
            ? how.equal
            : m.change === 0
              ? how.differNoMove(grouped(m.gross))
              : how.margin(grouped(m.change), m.towards, grouped(m.of)),
        ),
      ];
    if (!isConducted(c)) return ['cannot tell', how.noPaper];
    const beside = c.besideMachines.get(id);
    if (beside !== undefined) {
      const differ = beside.filter((b) => !b.agrees).map((b) => b.unit.slice(id.length + 1));
      const all = grouped(beside.length);
      return differ.length === 0
        ? ['yes', how.allAgree(all)]
        : ['not exactly', how.someDiffer(grouped(differ.length), all, shortList(differ))];
    }
    const methods = new Set([...c.acts.contests.values()].map((a) => a.method));
    if (methods.size === 1 && methods.has('ballot polling') && readInCounty(c, id).read > 0)
      return ['cannot tell', how.nothingCompared];
    return c.acts.commitments.some((s) => s.county === id && s.isSealed && readInCounty(c, id).read > 0)
      ? ['cannot tell', how.stillSealed]
      : ['not yet', how.notCompared];
  },

  explained: (c, county, found) => {
    const { how } = c.words;
    if (found.length === 0)
      return movedIn(c, county.id).length > 0 || !isConducted(c)
        ? ['yes', how.noDifference]
        : ['not yet', how.notCompared];
    const explained = found.filter((f) => f.explainedBy.length > 0).length;
    return [
      explained === found.length ? 'yes' : explained > 0 ? 'in part' : 'no',
      how.explained(grouped(explained), grouped(found.length)),
    ];
  },

  // Of the contests on the ballots of this county, and of the record, where that does not hold.
  stands: (c, { id }) => {
    const { how } = c.words;
    const { certificate } = c.acts;
    const elsewhere = c.sides.filter((s) => !isIn(s, id)).map((s) => s.contest);
    const [names, ids] = [new Set(elsewhere.map((k) => k.name)), new Set(elsewhere.map((k) => k.id))];
    const said = c.verdicts.filter((v) => !names.has(v.contest));
    const audits = [...c.acts.contests].filter(([k]) => !ids.has(k)).map(([, a]) => a);
    const signedBy =
      certificate === undefined ? how.unsigned : how.signed(certificate.by, c.time(certificate.when));
    const sentences = [
      ...verdictsTogether(said, c.language).map((v) => `${v.contest}: ${v.sentence}`),
      signedBy,
    ];
    if (
      said.some((v) => v.kind === 'fails') ||
      audits.some((a) => a.assessed.at(-1)?.ending === 'full hand count corrects')
    )
      return ['no', ...sentences];
    if (isConducted(c) && audits.length === 0 && c.acts.contests.size > 0)
      return ['cannot tell', ...sentences];
    if (isConducted(c))
      return [audits.length > 0 && audits.every(hasEnded) ? 'yes' : 'not yet', ...sentences];
    return [said.every((v) => v.kind === 'holds') ? 'yes' : 'cannot tell', ...sentences];
  },
};

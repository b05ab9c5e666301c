// For each claim a page, its ClaimReview as JSON-LD, and a small label to embed elsewhere that links to the evidence. Nothing here depends on
// a script: a page can be printed, archived and read for decades.
import { answerInFull, claimReview, sourcesOf } from '@opencanvass/evidence/sentences';
import type { Reviewed } from '@opencanvass/evidence/sentences';
import type { Answer, Verification } from '@opencanvass/evidence/verify';

export interface ClaimFile {
  readonly path: string;
  readonly text: string;
}

export interface Publishing {
  /** The address under which the folder will be found, ending in "/"; "" for links that stay within the folder. */
  readonly base: string;
  readonly publisher: string;
}

/** All files for the claims of a record, in the record's order. */
export function claimFiles(
  { answers, evidence, record }: Verification,
  { base, publisher }: Publishing,
): ClaimFile[] {
  const last = record?.entries.at(-1)?.appended;
  const files = answers.flatMap((answer): ClaimFile[] => {
    const { id } = answer.statement;
    const reviewed: Reviewed = {
      url: `${base}${id}.html`,
      publisher,
      date: last?.slice(0, 10) ?? '',
      ...(record === undefined ? {} : { record: { origin: record.origin, root: record.root } }),
    };
    const jsonLd = `${JSON.stringify(claimReview(answer, reviewed), null, 2)}\n`;
    return [
      { path: `${id}.html`, text: claimPage(answer, evidence, reviewed, jsonLd) },
      { path: `${id}.jsonld`, text: jsonLd },
      { path: `${id}.svg`, text: label(answer, reviewed) },
      { path: `${id}.embed.html`, text: embed(answer, base) },
    ];
  });
  return [{ path: 'index.html', text: indexPage(answers, publisher) }, ...files];
}

const kindNames = { claim: 'Claim', 'official statement': 'Official statement' } as const;

function claimPage(
  answer: Answer,
  evidence: Verification['evidence'],
  { publisher, record, date }: Reviewed,
  jsonLd: string,
): string {
  const { statement } = answer;
  const full = answerInFull(answer, evidence?.election);
  const list = (items: readonly string[]): string =>
    items.length === 0 ? '' : `<ul>${items.map((i) => `<li>${escape(i)}</li>`).join('')}</ul>`;
  return page(
    `${statement.words} — ${full.word}`,
    `<p class="soft">${kindNames[statement.kind]} · ${escape(statement.who)} · ${escape(statement.when)} · ${place(statement.where)}</p>
<h1><q>${escape(statement.words)}</q></h1>
${statement.summarised === true ? '<p class="soft">A summary of what many said; nobody’s exact words.</p>' : ''}
<p class="answer ${answer.word.replace(' ', '-')}">${escape(full.word)}</p>
${full.size === undefined ? '' : `<p>Size: ${escape(full.size)}</p>`}
<h2>Taken apart</h2>
<ol>${full.parts
      .map(
        (p) =>
          `<li><p><b>${escape(p.word)}</b> · ${escape(p.role)}: ${escape(p.asks)}</p>${list(p.because)}${
            p.beyond === undefined ? '' : `<p class="soft">Beyond this record: ${escape(p.beyond)}</p>`
          }</li>`,
      )
      .join('\n')}</ol>
${full.figures.length === 0 ? '' : `<h2>Figures it states</h2>${list(full.figures)}`}
${full.change.length === 0 ? '' : `<h2>What would change this answer</h2>${list(full.change)}`}
<h2>What was read</h2>
<ul>${sourcesOf(answer)
      .map(
        (s) =>
          `<li>${escape(s.name)}${s.sha256 === undefined ? '' : `<br><code>SHA-256 ${s.sha256}</code>`}</li>`,
      )
      .join('')}</ul>
${record === undefined ? '' : `<p class="soft">Record <code>${escape(record.origin)}</code>, root <code>${record.root}</code>. Check it yourself: <code>opencanvass verify RECORD</code></p>`}
<p class="soft">Published by ${escape(publisher)}${date === '' ? '' : `, from a record that ends on ${date}`}. <a href="index.html">All claims</a> · <a href="${statement.id}.jsonld">as data (ClaimReview)</a></p>
<script type="application/ld+json">${jsonLd.replaceAll('<', '\\u003c')}</script>`,
  );
}

const indexPage = (answers: readonly Answer[], publisher: string): string =>
  page(
    'What was said, and what the record answers',
    `<h1>What was said, and what the record answers</h1>
${answers
  .map(
    (a) =>
      `<p><a href="${a.statement.id}.html"><q>${escape(a.statement.words)}</q></a><br><span class="soft">${escape(a.statement.who)}, ${escape(a.statement.when)}</span><br><b>${escape(answerInFull(a, undefined).word)}</b></p>`,
  )
  .join('\n')}
<p class="soft">Published by ${escape(publisher)}.</p>`,
  );

/** What to paste into another page: the label, as an image that leads to the claim's page. */
function embed({ statement, ...answer }: Answer, base: string): string {
  const { word } = answerInFull({ statement, ...answer }, undefined);
  return `<a href="${escape(base)}${statement.id}.html"><img src="${escape(base)}${statement.id}.svg" width="440" height="120" alt="${escape(`“${statement.words}”: ${word}. See the evidence.`)}"></a>\n`;
}

const accents: Readonly<Record<Answer['word'], string>> = {
  contradict: '#b50909',
  support: '#216e1f',
  partly: '#775500',
  'in part': '#005ea2',
  unpublished: '#565c65',
  unanswerable: '#565c65',
  'not factual': '#565c65',
};

/** The label: what was said, what the record answers, and which record: 440 by 120, in any page's column. */
function label(answer: Answer, { url, record }: Reviewed): string {
  const { word } = answerInFull(answer, undefined);
  const quote = lines(`“${answer.statement.words}”`, 56, 2);
  const text = (y: number, style: string, content: string): string =>
    `<text x="20" y="${y}" ${style}>${escape(content)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="440" height="120" viewBox="0 0 440 120" role="img" aria-label="${escape(`${answer.statement.words}: ${word}`)}" font-family="Helvetica, Arial, sans-serif">
<a href="${escape(url)}">
<rect width="440" height="120" fill="#fff" stroke="#dfe1e2"/><rect width="8" height="120" fill="${accents[answer.word]}"/>
${quote.map((line, i) => text(28 + i * 20, 'font-size="14" fill="#1b1b1b"', line)).join('\n')}
${text(78, `font-size="16" font-weight="700" fill="${accents[answer.word]}"`, word)}
${text(104, 'font-size="11" fill="#565c65"', `See the evidence${record === undefined ? '' : ` · ${record.origin} · ${record.root.slice(0, 12)}`}`)}
</a>
</svg>
`;
}

/** Words in lines of at most `width` characters; what does not fit ends in an ellipsis. */
function lines(text: string, width: number, most: number): string[] {
  const out: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (`${line} ${word}`.trim().length > width) {
      out.push(line);
      line = word;
    } else line = `${line} ${word}`.trim();
  }
  out.push(line);
  return out.length <= most ? out : [...out.slice(0, most - 1), `${out[most - 1]!.slice(0, width - 1)}…`];
}

const place = (where: string): string =>
  /^https?:/.test(where) ? `<a href="${escape(where)}" rel="noreferrer">${escape(where)}</a>` : escape(where);

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (c) => entities[c]!);

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src 'self'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>
:root { color-scheme: light dark; }
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 'Source Sans 3', Helvetica, Arial, sans-serif; overflow-wrap: anywhere; }
h1 { font: 700 1.6rem/1.35 Georgia, serif; }
h2 { font-size: 1.15rem; margin-top: 2rem; }
q { quotes: '“' '”'; }
.soft { opacity: .8; }
.answer { font-size: 1.25rem; font-weight: 700; border-left: .5rem solid #71767a; padding: .5rem 1rem; background: #8881; }
.answer.contradict { border-color: #d54309; } .answer.support { border-color: #00a91c; } .answer.partly { border-color: #ffbe2e; } .answer.in-part { border-color: #00bde3; }
code { font-size: .85rem; }
</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;

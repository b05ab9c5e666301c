// The public site of a record: every page, in both languages, and beside each the same as data. A function of the record's files and of nothing
// else: what a desk serves and what is written into a folder are the same texts. What it says of the record is what `verify` says.
import { checkEvidence } from '@opencanvass/evidence/checks';
import { answerStatements } from '@opencanvass/evidence/claims';
import {
  foldRecord,
  readRecord,
  withCvrFigures,
  type CvrOptions,
  type ReadOptions,
  type RecordFiles,
} from '@opencanvass/evidence/record';
import { verdictsInWords, type Language } from '@opencanvass/evidence/sentences';
import type { Verification } from '@opencanvass/evidence/verify';
import { actsOf } from './acts.ts';
import { contextOf, type Context, type Page } from './context.ts';
import { dataOf, documentText, pageText, placeOf, way } from './frame.ts';
import { html } from './html.ts';
import { checksPage } from './pages/checks.ts';
import { claimsPage } from './pages/claims.ts';
import { commitmentsPage } from './pages/commitments.ts';
import { contestPage, contestsPage } from './pages/contests.ts';
import { countyPage } from './pages/county.ts';
import { discrepanciesPage } from './pages/discrepancies.ts';
import { countiesPage, homePage, type CountyShapes } from './pages/home.ts';
import { paperPages } from './pages/paper.ts';
import { recordPage } from './pages/record.ts';
import { schedulePage } from './pages/schedule.ts';
import { siteWords } from './words.ts';

export interface SiteOptions {
  /** Faster hashing and verifying, and keys known from elsewhere. */
  readonly read?: ReadOptions & CvrOptions;
  /** The map of a state by its two letters, where there is one. */
  readonly shapesOf?: (state: string) => CountyShapes | undefined;
}

/** Path and text of every page and its data. */
export async function siteOf(
  files: RecordFiles,
  { read = {}, shapesOf }: SiteOptions = {},
): Promise<Map<string, string>> {
  const paths = files.list() ?? [];
  // As `verify` does, keeping the bodies that it reads.
  const recordRead = readRecord(files, read);
  const { evidence, facts } = await withCvrFigures(foldRecord(recordRead), recordRead, files, read);
  const findings = checkEvidence(evidence ?? facts);
  const answers = evidence === undefined ? [] : answerStatements(evidence, findings);
  const verification: Verification = { record: facts, evidence, findings, answers };
  const acts = actsOf(recordRead);

  const site = new Map<string, string>();
  for (const language of ['en', 'es'] as const) {
    const c = contextOf(verification, acts, language);
    if (c === undefined) {
      const [said] = verdictsInWords(verification, language);
      site.set(placeOf(language, 'index.html'), emptySite(language, said?.sentence));
      continue;
    }
    const shapes = c.election.state === undefined ? undefined : shapesOf?.(c.election.state);
    for (const page of pagesOf(c, shapes, paths)) {
      site.set(placeOf(language, page.path), pageText(c, page));
      site.set(dataOf(language, page.path), `${JSON.stringify(page.data)}\n`);
    }
  }
  return site;
}

const pagesOf = (c: Context, shapes: CountyShapes | undefined, paths: readonly string[]): readonly Page[] => [
  homePage(c, shapes),
  schedulePage(c),
  countiesPage(c, shapes),
  ...c.election.jurisdictions.flatMap((county) => {
    const paper = paperPages(c, county);
    return [countyPage(c, county, paper), ...paper];
  }),
  contestsPage(c),
  ...c.sides.map((sides) => contestPage(c, sides)),
  commitmentsPage(c),
  discrepanciesPage(c),
  claimsPage(c),
  checksPage(c),
  recordPage(c, paths),
];

/** A page with one sentence: before an election is set up, where nothing could be read, and (asked for again after `againIn` seconds) while pages are made. */
export function emptySite(
  language: Language,
  sentence: string = siteWords[language].notBegun,
  {
    path = placeOf(language, 'index.html'),
    againIn,
  }: { readonly path?: string; readonly againIn?: number } = {},
): string {
  const w = siteWords[language];
  const other = language === 'en' ? 'es' : 'en';
  return documentText(
    { language, title: 'OpenCanvass', style: way(path, 'site.css'), againIn },
    html`<main id="content" class="wide">
      <h1>OpenCanvass</h1>
      <p class="lead">${w.tagline}</p>
      <p>${sentence}</p>
      <p><a href="${way(path, placeOf(other, 'index.html'))}" lang="${other}">${w.otherLanguage}</a></p>
    </main>`,
  );
}

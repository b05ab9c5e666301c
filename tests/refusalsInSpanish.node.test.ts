// Whatever a reader of a county's files can say has its words in Spanish. The sources of the readers are read for phrases, so that one added
// later is missed by nobody; what each really says to a broken file is then read in both languages.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vite';
import { describe, expect, test } from 'vitest';
import { toUtf8 } from '@opencanvass/evidence/bytes';
import { CvrCollector } from '@opencanvass/evidence/cvr';
import { fileInMemory, readCvrExport, readManifest, readResultsCsv } from '@opencanvass/evidence/formats';
import type { Refusal } from '@opencanvass/evidence/formats';
import { refusalInWords, refusalsSpanish } from '@opencanvass/evidence/sentences';
import { haveShared, sharedFile } from './sharedData.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const formats = `${root}packages/evidence/src/formats/`;
/** Those that read what a county gives to its desk and what an election begins with, and what they share. */
const readers = readdirSync(formats).filter(
  (name) =>
    /^(manifest|batchTotals|cells|csv|text|xml|xlsx|zip|jsonElements|intake|refusals|cvrExport|dominion|jsonCursor|clearBallot|ess|hart|rankedMarks|voteFor|nistCvr\.|resultsCsv|openElections|clarity|countsByType|detect|tableRows)/.test(
      name,
    ) && !name.endsWith('.test.ts'),
);
const ofDesk = ['cvrs', 'inputs'].map((name) => `${root}apps/server/src/${name}.ts`);

/** Titles of columns, names of formats, keys and the like: nobody is told them as a sentence. */
const noSentence = new Set([
  'vote type',
  'total votes',
  'audit report',
  'clarity detail',
  'nist results',
  'open elections',
  'county ballots',
  'results csv',
  'results CSV',
  'Clarity detail XML',
  'OpenElections CSV',
  'Contest Choice',
  'Contest VoteType',
  'Contest Choice VoteType',
  'ElectionVoterTurnout Counties County',
  '{} votes',
  '{}, District {}',
  // Between names, or within a phrase of its own.
  ' and ',
  ' or ',
  ' in {}',
  'batch name',
  'cast vote record',
  'reporting group',
  'precinct id',
  'tabulator cvr',
  'write-in type',
  'undeclared write-in',
  'ballot #',
  'ballot style',
  // Names and titles as they stand in the file.
  'CvrNumber, TabulatorNum, BatchId, RecordId',
  '{"Version", "List": […]}',
  'Id {}',
  'CandidateId {}',
  'CRC-32 {}',
  // In an error that becomes `zip-size`.
  'more than {} bytes',
]);

interface Node {
  readonly type?: string;
  readonly value?: unknown;
  readonly quasis?: readonly { readonly value: { readonly cooked: string } }[];
}

/** Every text that stands in a source; {} for a value within it. */
function textsIn(path: string): Set<string> {
  const texts = new Set<string>();
  const look = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(look);
    if (node === null || typeof node !== 'object') return;
    const { type, value, quasis } = node as Node;
    if (type !== undefined && /^(Import|ExportAll|TS(?!As|NonNull|Satisfies))/.test(type)) return;
    if (type === 'Literal' && typeof value === 'string') texts.add(value);
    if (type === 'TemplateLiteral') texts.add(quasis!.map((q) => q.value.cooked).join('{}'));
    Object.values(node).forEach(look);
  };
  look(parseAst(readFileSync(path, 'utf8'), { lang: 'ts' }));
  return texts;
}

/** Several words, and letters of its own among them. */
const isPhrase = (text: string): boolean =>
  /\s/.test(text) && /[a-z]{2}/i.test(text.replaceAll('{}', '')) && !text.includes('\n');
const plain = (phrase: string): string => phrase.replaceAll(/\{\w+\}/g, '{}');
const known = new Set(Object.keys(refusalsSpanish).map(plain));

describe('the phrases of the readers', () => {
  test.each(readers)('%s', (name) => {
    const texts = [...textsIn(`${formats}${name}`)];
    expect(texts.filter((t) => isPhrase(t) && !known.has(t) && !noSentence.has(t))).toEqual([]);
  });
  test('none is left of what no reader says any more', () => {
    const said = new Set(
      [...readers.map((name) => `${formats}${name}`), ...ofDesk].flatMap((path) => [...textsIn(path)]),
    );
    expect([...known].filter((phrase) => !said.has(phrase))).toEqual([]);
  });
  test('each has the same values in both languages', () => {
    const values = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();
    for (const [english, spanish] of Object.entries(refusalsSpanish))
      expect(values(spanish), english).toEqual(values(english));
  });
});

describe('what is said to a broken file', () => {
  const spoken = (refusal: Refusal | undefined): string[] => {
    const { expected, found, todo } = refusalInWords(refusal!, 'es');
    return [expected, found, todo];
  };
  const first = (reading: ReturnType<typeof readManifest>): Refusal | undefined =>
    reading.ok ? undefined : reading.refusals[0];

  test('a manifest', () => {
    const manifest = (text: string) => spoken(first(readManifest('m.csv', toUtf8(text))));
    expect(manifest('Box,Pieces\n1,2\n')).toEqual([
      'una columna para el lote y otra para el número de boletas u hojas que contiene',
      '"Box", "Pieces"',
      'diga qué contiene cada columna, o escriba los encabezados Container,Tabulator,Batch Name,Number of Ballots',
    ]);
    expect(manifest('Batch Name,Number of Ballots\nA,\n')).toEqual([
      'una cantidad',
      'nada',
      'complete la celda en el origen; una celda vacía no es un cero',
    ]);
    expect(manifest('Batch Name,Number of Ballots\nA,1,2\n').slice(0, 2)).toEqual(['2 celdas', '3']);
    expect(manifest('Batch Name,Number of Ballots\n"A,1\n')[1]).toBe('el final del archivo');
    expect(spoken(first(readManifest('m.xls', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0))))).toEqual([
      'texto (CSV, XML o JSON)',
      'un libro antiguo de Excel (OLE2)',
      'ábralo en la hoja de cálculo y guárdelo como CSV (UTF-8); cambiarle el nombre no lo convierte',
    ]);
    expect(spoken(first(readManifest('m.zip', toUtf8('PK\u0003\u0004'))))[2]).toBe(
      'descomprímalo; o bien: ábralo en la hoja de cálculo y guárdelo como CSV (UTF-8); cambiarle el nombre no lo convierte',
    );
  });

  test('results, with which an election begins', () => {
    const results = (text: string): string[] => {
      const reading = readResultsCsv('r.csv', toUtf8(text));
      return spoken(reading.ok ? undefined : reading.refusals[0]);
    };
    expect(results('jurisdiction,vote type,choice,votes\nBibb,,Ann,1\nBibb,,Ann,2\n')).toEqual([
      'cada jurisdicción, unidad, tipo de voto y opción una vez',
      '"Bibb" otra vez, primero en la línea 2',
      'una de las dos está mal o van juntas; pregunte a la oficina',
    ]);
    expect(results('jurisdiction,vote type,choice,votes\n')).toEqual([
      'al menos una fila debajo del encabezado',
      'ninguno',
      'el archivo está cortado o se exportó vacío',
    ]);
  });

  const records = async (...files: [name: string, text: string][]): Promise<string[]> => {
    const reading = await readCvrExport(files.map(([name, text]) => fileInMemory(name, text)), new CvrCollector());
    return spoken(reading.ok ? reading.rowsRefused[0] : reading.refusals[0]);
  }; // oxfmt-ignore
  test('cast vote records of four vendors', async () => {
    const head = 'RowNumber,BoxID,BoxPosition,BallotID,PrecinctID,BallotStyleID,PrecinctStyleName,ScanComputerName,Status,Remade,Choice_1_1:Mayor:Vote For 1:Ann:';
    expect(await records(['c.csv', `${head}\n1,B,1,B+1,1,1,P,S,0,0,1\n2,B,2,B+2,1,1,P,S,0,0,9\n`])).toEqual([
      '0, 1 o una celda vacía', '9', 'corrija la fila, o pida la exportación de nuevo',
    ]);
    expect(await records(['records.csv', 'Cast Vote Record,Precinct,Ballot Style,Mayor\n1,P,S,Ann\n1,P,S,Bob\n'])).toEqual([
      'cada registro una vez', '1', 'revise la fila; se dejó fuera de todos los conteos',
    ]);
    expect(await records(['CvrExport.json', '{"Version":"5.10","ElectionId":"E"'], ['ContestManifest.json', 'x'])).toContain(
      'obtenga la exportación de nuevo de quien la publicó; no se usó nada de ella',
    );
    expect((await records(['a.xml', '<Cvr xmlns="http://tempuri.org/CVRDesign.xsd"></Cvr>'], ['b.xml', '<Cvr/>'])).at(-1)).toBe('pida la exportación de nuevo');
  }); // oxfmt-ignore

  test.skipIf(!haveShared())(
    'every malformed export of Dominion at hand, each part that is a sentence',
    async () => {
      const folder = sharedFile('data/dominion-csv/badExamples');
      let refused = 0;
      for (const name of readdirSync(folder).filter((file) => file.endsWith('.csv'))) {
        const reading = await readCvrExport(
          [fileInMemory(name, readFileSync(`${folder}/${name}`))],
          new CvrCollector(),
        );
        if (reading.ok) continue;
        refused += 1;
        for (const refusal of reading.refusals) {
          const said = refusalInWords(refusal, 'es');
          expect(said.todo).not.toBe(refusal.todo);
          expect([said.code, said.file, said.line]).toEqual([refusal.code, refusal.file, refusal.line]);
        }
      }
      expect(refused).toBe(8);
    },
  );

  test('in English it is what the reader said; what no reader said stays as it is', () => {
    const refusal = { expected: 'a count', found: '"a count"', todo: 'Alder' };
    expect(refusalInWords(refusal, 'en')).toBe(refusal);
    expect(refusalInWords(refusal, 'es')).toEqual({ ...refusal, expected: 'una cantidad' });
  });
});

// A replayed audit in words: what was computed again, and how it came out.
import type { ReplayItem, ReplayUnit } from '../audit/index.ts';
import type { Language } from './vocabulary.ts';

export interface ReplayInWords {
  readonly word: string;
  readonly statement: string;
  /** How much of it, or what is missing. */
  readonly size: string;
}

interface ReplayVocabulary {
  readonly words: Readonly<Record<ReplayItem['word'], string>>;
  readonly of: Readonly<Record<ReplayItem['of'], string>>;
  readonly codes: Readonly<Record<string, string>>;
  readonly sameOfAll: (same: string, all: string) => string;
  readonly statedAndFound: (stated: string, found: string) => string;
}

const english: ReplayVocabulary = {
  words: {
    reproduced: 'reproduced',
    differs: 'differs',
    'missing input': 'missing input',
    'cannot tell': 'cannot tell',
  },
  of: {
    digest: 'the files are those that their digests name',
    totals: 'the batches add up to the stated votes and ballots',
    batches: 'the sampled batches have the ballots and votes of manifest and totals',
    'sample-size': 'the size of the sample',
    draw: 'the draw from the seed',
    tickets: 'the tickets, from seed and names',
    discrepancies: 'the discrepancies, from both readings',
    risk: 'the measured risk',
    'sealed-before-seed': 'the inputs were sealed before the seed',
  },
  codes: {
    'both-readings': 'no file with both readings of the cards',
    'by-number-only':
      'as many cards of each county as the seed draws; which ones is told where its manifest is at hand, and these are not',
    'changed-after': "uploaded after the seed was known, by the files' own dates",
    'choices-not-listed': "no list of the contest's choices: a change may count for less",
    'digest-differs': 'not the file that was uploaded, by its digest',
    'drawn-more-than-once':
      'a card drawn twice counts twice, and the readings do not say how often it was drawn',
    'hash-mismatch': 'the digest submitted is not that of the file (HASH_MISMATCH)',
    'manifest-not-listed': 'no upload of its manifest is listed',
    'manifest-size': 'cards stated, cards in the manifest',
    'no-digest': 'no digest of what was uploaded',
    'no-record-of-the-card': 'cards without a cast vote record of their own',
    'no-seed-date': 'uploads are dated and no file says when the seed was rolled',
    'other-number': 'another number of cards',
    'records-not-listed': 'no upload of its cast vote records is listed',
    'sealed-before': "by the files' own dates and digests",
    'sizes-do-not-add-up': "the counties' manifests do not add up to the contest's cards",
    'time-undecided': 'the dates are too coarse to tell which came first',
    'activity-report': 'no activity report: which cards were looked at is not known',
    'archive-without-times':
      "its entries carry the zip format's zero for a time, 1 January 1980: no time at all",
    'packers-clock': 'times by the clock of whoever packed it, which anyone can set: they prove nothing',
    'later-rounds': "the tool's rule for the sizes of later rounds is in no file",
    'size-of-choice': 'none of the sizes that the tool proposes: an office may choose its own',
    'section-of-cards':
      'which drawn cards differed from their records stands in a section of the report whose form nobody has published',
    'votes-of-each-round': 'the report does not have the votes of each round',
    'cards-and-manifests':
      'which cards the seed draws needs the manifests, and is not replayed from the report alone',
    'county-numbers':
      "the counties' numbers, which order the joined manifests, are in no file (contestsByCounty.csv)",
    combined: 'counted together with other batches',
    'combined-or-not-audited': 'drawn batches were combined with others or not audited',
    'drawn-statewide':
      'drawn for contests of several counties, the sizes of whose manifests are not all known',
    'left-out': 'drawn by the seed and not in the sample',
    manifest: 'no manifest',
    'manifests-and-totals': 'no manifest or no totals by batch for some county',
    'majority-runoff': 'with the law that asks for a majority',
    'method-not-replayed': 'this method is not replayed',
    'no-county-contest': 'no contest of this county alone in the sample',
    'no-draws': 'no tickets in the report',
    'no-manifest': 'no manifest: only the number of cards is compared',
    'no-trusted-time': 'no file carries a time that anyone but its author vouches for',
    'not-audited': 'not audited',
    'not-drawn': 'in the sample and not drawn by the seed',
    'not-in-manifest': 'not in the manifest',
    'risk-limit-and-size': 'the report states no risk limit or no sample size',
    seed: 'no seed',
    'stated-risk': 'the report states no risk',
    'tied-or-uncontested': 'the reported result is tied or has no loser',
    totals: 'no totals by batch',
  },
  sameOfAll: (same, all) => `${same} of ${all}`,
  statedAndFound: (stated, found) => `stated ${stated}, found ${found}`,
};

const spanish: ReplayVocabulary = {
  words: {
    reproduced: 'reproducido',
    differs: 'difiere',
    'missing input': 'falta un dato',
    'cannot tell': 'no se puede saber',
  },
  of: {
    digest: 'los archivos son los que nombran sus huellas',
    totals: 'los lotes suman los votos y boletas declarados',
    batches: 'los lotes de la muestra tienen las boletas y votos del manifiesto y de los totales',
    'sample-size': 'el tamaño de la muestra',
    draw: 'el sorteo a partir de la semilla',
    tickets: 'los números de sorteo, a partir de la semilla y los nombres',
    discrepancies: 'las discrepancias, de ambas lecturas',
    risk: 'el riesgo medido',
    'sealed-before-seed': 'los datos se sellaron antes de la semilla',
  },
  codes: {
    'both-readings': 'ningún archivo con ambas lecturas de las hojas',
    'by-number-only':
      'de cada condado tantas hojas como sortea la semilla; cuáles, solo donde hay manifiesto, y de estos no lo hay',
    'changed-after': 'subido cuando ya se conocía la semilla, según las fechas de los archivos',
    'choices-not-listed': 'sin lista de las opciones de la contienda: un cambio puede contar menos',
    'digest-differs': 'no es el archivo que se subió, según su huella',
    'drawn-more-than-once':
      'una hoja sorteada dos veces cuenta dos veces, y las lecturas no dicen cuántas lo fue',
    'hash-mismatch': 'la huella declarada no es la del archivo (HASH_MISMATCH)',
    'manifest-not-listed': 'no figura que se subiera su manifiesto',
    'manifest-size': 'hojas declaradas, hojas del manifiesto',
    'no-digest': 'sin huella de lo que se subió',
    'no-record-of-the-card': 'hojas sin registro de voto propio',
    'no-seed-date': 'las subidas tienen fecha y ningún archivo dice cuándo se sorteó la semilla',
    'other-number': 'otro número de hojas',
    'records-not-listed': 'no figura que se subieran sus registros de voto',
    'sealed-before': 'según las fechas y huellas de los archivos',
    'sizes-do-not-add-up': 'los manifiestos de los condados no suman las hojas de la contienda',
    'time-undecided': 'las fechas son demasiado gruesas para saber qué fue antes',
    'activity-report': 'sin informe de actividad: no se sabe qué hojas se revisaron',
    'archive-without-times':
      'sus entradas llevan el cero del formato zip como hora, el 1 de enero de 1980: ninguna hora',
    'packers-clock': 'horas del reloj de quien lo empaquetó, que cualquiera puede ajustar: no prueban nada',
    'later-rounds':
      'la regla de la herramienta para el tamaño de rondas posteriores no está en ningún archivo',
    'size-of-choice': 'ninguno de los tamaños que propone la herramienta: una oficina puede elegir el suyo',
    'section-of-cards':
      'qué boletas sorteadas difieren de sus registros consta en una sección del informe cuya forma nadie ha publicado',
    'votes-of-each-round': 'el informe no da los votos de cada ronda',
    'cards-and-manifests':
      'qué boletas sortea la semilla exige los manifiestos, y no se repite con el informe solo',
    'county-numbers':
      'los números de los condados, que ordenan los manifiestos unidos, no están en ningún archivo (contestsByCounty.csv)',
    combined: 'contado junto con otros lotes',
    'combined-or-not-audited': 'hay lotes sorteados que se combinaron con otros o no se auditaron',
    'drawn-statewide':
      'sorteadas para contiendas de varios condados, de cuyos manifiestos no se conocen todos los tamaños',
    'left-out': 'sorteado por la semilla y ausente de la muestra',
    manifest: 'sin manifiesto',
    'manifests-and-totals': 'falta el manifiesto o los totales por lote de algún condado',
    'majority-runoff': 'con la ley que exige mayoría',
    'method-not-replayed': 'este método no se repite',
    'no-county-contest': 'la muestra no tiene contiendas de este condado solo',
    'no-draws': 'el informe no tiene números de sorteo',
    'no-manifest': 'sin manifiesto: solo se compara el número de hojas',
    'no-trusted-time': 'ningún archivo lleva una hora que avale otro que su autor',
    'not-audited': 'no auditado',
    'not-drawn': 'en la muestra y no sorteado por la semilla',
    'not-in-manifest': 'no está en el manifiesto',
    'risk-limit-and-size': 'el informe no declara límite de riesgo o tamaño de muestra',
    seed: 'sin semilla',
    'stated-risk': 'el informe no declara riesgo',
    'tied-or-uncontested': 'el resultado está empatado o no tiene perdedor',
    totals: 'sin totales por lote',
  },
  sameOfAll: (same, all) => `${same} de ${all}`,
  statedAndFound: (stated, found) => `declarado ${stated}, calculado ${found}`,
};

const vocabulary: Readonly<Record<Language, ReplayVocabulary>> = { en: english, es: spanish };

export function replayItemInWords(item: ReplayItem, language: Language = 'en'): ReplayInWords {
  const v = vocabulary[language];
  const place = item.contest ?? item.jurisdiction ?? (item.all === undefined ? undefined : item.stated);
  const parts = [
    item.same === undefined || item.all === undefined
      ? undefined
      : v.sameOfAll(grouped(item.same), grouped(item.all)),
    item.same === undefined &&
    item.stated !== undefined &&
    item.recomputed !== undefined &&
    item.of !== 'digest'
      ? item.stated === item.recomputed
        ? item.stated
        : v.statedAndFound(item.stated, item.recomputed)
      : undefined,
    item.code === undefined ? undefined : (v.codes[item.code] ?? item.code),
  ];
  return {
    word: v.words[item.word],
    statement: place === undefined ? v.of[item.of] : `${v.of[item.of]}, ${place}`,
    size: parts.filter((p) => p !== undefined).join('; '),
  };
}

/** A part of an item; what it shares with the item is not said again. */
export function replayUnitInWords(
  unit: ReplayUnit,
  item: Pick<ReplayItem, 'code'> = {},
  language: Language = 'en',
): string {
  const v = vocabulary[language];
  return [
    unit.name,
    unit.code === undefined || unit.code === item.code ? undefined : (v.codes[unit.code] ?? unit.code),
    unit.stated === undefined || unit.recomputed === undefined
      ? unit.stated
      : v.statedAndFound(unit.stated, unit.recomputed),
  ]
    .filter((p) => p !== undefined)
    .join(' · ');
}

const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

/** Every code that an item or unit can have: a test asks for words for each. */
export const replayCodes: readonly string[] = Object.keys(english.codes);

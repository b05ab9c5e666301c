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
    digest: 'the archive is the one its digest names',
    totals: 'the batches add up to the stated votes and ballots',
    batches: 'the sampled batches have the ballots and votes of manifest and totals',
    'sample-size': 'the size of the sample',
    draw: 'the draw from the seed',
    tickets: 'the tickets, from seed and names',
    discrepancies: 'the batches marked as changed are those whose hand count differs',
    risk: 'the measured risk',
    'sealed-before-seed': 'the inputs were sealed before the seed',
  },
  codes: {
    'activity-report': 'no activity report: which cards were looked at is not known',
    combined: 'counted together with other batches',
    'combined-or-not-audited': 'drawn batches were combined with others or not audited',
    'drawn-statewide': 'drawn for contests of several counties, from all their manifests',
    'left-out': 'drawn by the seed and not in the sample',
    manifest: 'no manifest',
    'manifests-and-totals': 'no manifest or no totals by batch for some county',
    'majority-runoff': 'with the law that asks for a majority',
    'method-not-replayed': 'this method is not replayed',
    'no-county-contest': 'no contest of this county alone in the sample',
    'no-draws': 'no tickets in the report',
    'no-manifest': 'no manifest of these counties',
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
    digest: 'el archivo es el que nombra su huella',
    totals: 'los lotes suman los votos y boletas declarados',
    batches: 'los lotes de la muestra tienen las boletas y votos del manifiesto y de los totales',
    'sample-size': 'el tamaño de la muestra',
    draw: 'el sorteo a partir de la semilla',
    tickets: 'los números de sorteo, a partir de la semilla y los nombres',
    discrepancies: 'los lotes marcados con cambios son aquellos cuyo conteo a mano difiere',
    risk: 'el riesgo medido',
    'sealed-before-seed': 'los datos se sellaron antes de la semilla',
  },
  codes: {
    'activity-report': 'sin informe de actividad: no se sabe qué hojas se revisaron',
    combined: 'contado junto con otros lotes',
    'combined-or-not-audited': 'hay lotes sorteados que se combinaron con otros o no se auditaron',
    'drawn-statewide': 'sorteadas para contiendas de varios condados, de todos sus manifiestos',
    'left-out': 'sorteado por la semilla y ausente de la muestra',
    manifest: 'sin manifiesto',
    'manifests-and-totals': 'falta el manifiesto o los totales por lote de algún condado',
    'majority-runoff': 'con la ley que exige mayoría',
    'method-not-replayed': 'este método no se repite',
    'no-county-contest': 'la muestra no tiene contiendas de este condado solo',
    'no-draws': 'el informe no tiene números de sorteo',
    'no-manifest': 'sin manifiesto de estos condados',
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
    unit.stated === undefined ? undefined : v.statedAndFound(unit.stated, unit.recomputed ?? ''),
  ]
    .filter((p) => p !== undefined)
    .join(' · ');
}

const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

/** Every code that an item or unit can have: a test asks for words for each. */
export const replayCodes: readonly string[] = Object.keys(english.codes);

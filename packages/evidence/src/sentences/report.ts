// The report's sentences above its findings: what election it is, the verdict on each contest, the answer to a claim, the names of figures.
// A verdict never says more than its finding: a hand count agrees, corrects, or there is none.
import {
  isPaper,
  ofSample,
  readingsAt,
  sidesOf,
  winnerOf,
  type Figure,
  type FigureUnit,
  type Finding,
  type Leader,
  type Sides,
} from '../checks/index.ts';
import type { Election } from '../election/index.ts';
import type { AuditedContest, Evidence } from '../record/index.ts';
import { auditInWords, type AuditTold } from './audit.ts';
import { gathered, grouped, numberText, vocabularies } from './findings.ts';
import type { Language } from './vocabulary.ts';

export interface Verdict {
  /** The contest's name, or what the verdict is about. */
  readonly contest: string;
  readonly kind: 'holds' | 'fails' | 'tell';
  readonly sentence: string;
  /** Of a contest that was reported, and whose paper nobody has looked at on this record: no audit is announced, no hand count made. */
  readonly reportedOnly?: true;
}

/** Verdicts that say one thing of many contests, as one. */
export interface VerdictTogether extends Verdict {
  /** The contests' names where `contest` is only how many they are ("53 contests"); else none. */
  readonly contests: readonly string[];
}

interface Verified {
  readonly evidence: Evidence | undefined;
  readonly findings: readonly Finding[];
}

interface ReportWords {
  readonly theRecord: string;
  readonly recordFails: (n: string) => string;
  readonly nothingRead: string;
  readonly leads: (who: string, margin: string) => string;
  readonly unopposed: (who: string) => string;
  readonly agrees: (leader: string) => string;
  readonly corrects: (won: string, margin: string, reported: string) => string;
  readonly tie: string;
  readonly otherPlaces: string;
  readonly otherChoices: string;
  readonly notTold: string;
  readonly reported: (leader: string) => string;
  readonly noHandCount: string;
  readonly reportedOnly: string;
  readonly noResult: string;
  readonly asStated: string;
  readonly doesNotFollow: string;
  readonly machineCount: string;
  readonly handCount: string;
  readonly certified: string;
  readonly asOf: (time: string) => string;
  readonly months: readonly string[];
  readonly date: (day: number, month: string, year: string) => string;
  readonly units: Readonly<Record<FigureUnit, string>>;
  readonly figures: Readonly<Record<string, string>>;
}

const words: Readonly<Record<Language, ReportWords>> = {
  en: {
    theRecord: 'The record',
    recordFails: (n) =>
      `This record does not hold: ${n}. Until that is cleared up, nothing it says about the election can be relied on.`,
    nothingRead: 'Nothing about an election could be read from this record.',
    leads: (who, margin) => `${who} by ${margin} votes`,
    unopposed: (who) => `${who}, the only choice`,
    agrees: (leader) => `A full hand count agrees: ${leader}.`,
    corrects: (won, margin, reported) =>
      `A full hand count corrects the reported outcome: ${won} won by ${margin} votes, not ${reported}.`,
    tie: 'The counts end in a tie, or one of them does.',
    otherPlaces: 'The two counts are not of the same places: whether they agree cannot be told.',
    otherChoices: 'The hand count did not count every choice: whether the two counts agree cannot be told.',
    notTold: 'Whether the two counts agree cannot be told.',
    reported: (leader) => `Reported: ${leader}.`,
    noHandCount: 'There is no hand count of the paper in this record.',
    reportedOnly: 'Reported only: this record has no audit of them and no hand count of their paper.',
    noResult: 'There are no results to compare in this record.',
    asStated: 'So the record states; from what it holds so far this cannot be computed again.',
    doesNotFollow: 'What the record states of its audit does not follow from what was read:',
    machineCount: 'machine count',
    handCount: 'full hand count',
    certified: 'certified',
    asOf: (time) => `as of ${time}`,
    months: [
      'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December',
    ], // prettier-ignore
    date: (day, month, year) => `${day} ${month} ${year}`,
    units: {
      votes: 'votes', ballots: 'ballots', cards: 'cards', batches: 'batches', jurisdictions: 'counties', files: 'files',
      entries: 'entries', signatures: 'signatures', choices: 'choices', rows: 'rows', percent: '%', digits: 'digits', bytes: 'bytes',
      contests: 'contests', draws: 'draws', readings: 'readings', rounds: 'rounds', series: 'series',
    }, // prettier-ignore
    figures: {
      change: 'change of the margin', variation: 'change', votes: 'reported', net: 'net', gross: 'gross', difference: 'difference',
      stated: 'stated', sum: 'sum', cards: 'cards', ballots: 'ballots cast', batches: 'batches', expected: 'by chance',
      explained: 'explained', hand: 'hand', reported: 'reported', groups: 'groups', repeated: 'repeated', typeUnits: 'counties that differ',
      reportedThen: 'as reported when the audit was made',
      records: 'records', inManifest: 'in the manifest', missing: 'missing', length: 'together', first: 'from', second: 'again from', draw: 'draw',
    }, // prettier-ignore
  },
  es: {
    theRecord: 'El registro',
    recordFails: (n) =>
      `Este registro no se sostiene: ${n}. Mientras no se aclare, nada de lo que dice sobre la elección es confiable.`,
    nothingRead: 'De este registro no se pudo leer nada sobre una elección.',
    leads: (who, margin) => `${who} por ${margin} votos`,
    unopposed: (who) => `${who}, la única opción`,
    agrees: (leader) => `Un conteo completo a mano coincide: ${leader}.`,
    corrects: (won, margin, reported) =>
      `Un conteo completo a mano corrige el resultado informado: ganó ${won} por ${margin} votos, no ${reported}.`,
    tie: 'Los conteos, o uno de ellos, terminan en empate.',
    otherPlaces: 'Los dos conteos no son de los mismos lugares: no se puede determinar si coinciden.',
    otherChoices:
      'El conteo a mano no contó todas las opciones: no se puede determinar si los dos coinciden.',
    notTold: 'No se puede determinar si los dos conteos coinciden.',
    reported: (leader) => `Informado: ${leader}.`,
    noHandCount: 'En este registro no hay un conteo a mano de las boletas.',
    reportedOnly:
      'Solo informadas: en este registro no hay auditoría de ellas ni conteo a mano de sus boletas.',
    noResult: 'En este registro no hay resultados que comparar.',
    asStated: 'Así lo declara el registro; con lo que contiene hasta ahora no se puede calcular otra vez.',
    doesNotFollow: 'Lo que el registro declara de su auditoría no se sigue de lo que se leyó:',
    machineCount: 'conteo por máquina',
    handCount: 'conteo completo a mano',
    certified: 'certificado',
    asOf: (time) => `al ${time}`,
    months: [
      'enero', 'febrero', 'marzo', 'abril', 'mayo', 'junio', 'julio', 'agosto', 'septiembre', 'octubre', 'noviembre', 'diciembre',
    ], // prettier-ignore
    date: (day, month, year) => `${day} de ${month} de ${year}`,
    units: {
      votes: 'votos', ballots: 'boletas', cards: 'hojas', batches: 'lotes', jurisdictions: 'condados', files: 'archivos',
      entries: 'asientos', signatures: 'firmas', choices: 'opciones', rows: 'filas', percent: '%', digits: 'dígitos', bytes: 'bytes',
      contests: 'contiendas', draws: 'sorteos', readings: 'lecturas', rounds: 'rondas', series: 'series',
    }, // prettier-ignore
    figures: {
      change: 'cambio del margen', variation: 'cambio', votes: 'informados', net: 'neta', gross: 'bruta', difference: 'diferencia',
      stated: 'declarado', sum: 'suma', cards: 'hojas', ballots: 'boletas emitidas', batches: 'lotes', expected: 'por azar',
      explained: 'explicado', hand: 'a mano', reported: 'informado', groups: 'grupos', repeated: 'repetidos', typeUnits: 'condados que difieren',
      reportedThen: 'informados al hacerse la auditoría',
      records: 'registros', inManifest: 'en el manifiesto', missing: 'faltan', length: 'juntos', first: 'desde', second: 'otra vez desde', draw: 'sorteo',
    }, // prettier-ignore
  },
};

/** "Georgia · President of the United States · 3 November 2020". */
export function titleInWords(election: Election, language: Language = 'en', contest = ''): string {
  const { months, date } = words[language];
  const [year, month, day] = election.date.split('-');
  const name = months[Number(month) - 1];
  const place = election.state === undefined ? election.name : (stateNames[election.state] ?? election.name);
  const when = name === undefined || day === undefined ? '' : date(Number(day), name, year!);
  return [place, contest, when].filter((part) => part !== '').join(' · ');
}

/** What is to be said first. A record that does not hold is said before anything that it shows. */
export function verdictsInWords({ evidence, findings }: Verified, language: Language = 'en'): Verdict[] {
  const say = words[language];
  const broken = findings.filter((f) => f.of === 'record' && f.word === 'fails');
  const { checks, words: named } = vocabularies[language];
  const list = broken.map((f) => `${named.fails}: ${checks[f.check]?.statement ?? f.check}`).join('; ');
  return [
    ...(broken.length === 0
      ? []
      : [{ contest: say.theRecord, kind: 'fails' as const, sentence: say.recordFails(list) }]),
    ...(evidence === undefined
      ? [{ contest: say.theRecord, kind: 'tell' as const, sentence: say.nothingRead }]
      : evidence.election.contests.map((contest): Verdict => {
          const of = (check: string): Finding | undefined =>
            findings.find((f) => f.check === check && f.contest === contest.id);
          const audit = evidence.audit?.contests.find((a) => a.contest.id === contest.id);
          const sides = sidesOf(evidence, contest);
          const audited = audit && auditVerdict(audit, sides, of('assessed-again'), language);
          return { contest: contest.name, ...(audited ?? verdictOf(of('same-winner'), sides, language)) };
        })),
  ];
}

/**
 * The same verdicts with what cannot be told of many contests for one reason said once, where the first of them stood. Contests that are only reported come last,
 * together: a state has hundreds of them, and whoever asks what was looked at is not to search for it among them.
 */
export function verdictsTogether(
  verdicts: readonly Verdict[],
  language: Language = 'en',
): readonly VerdictTogether[] {
  const key = ({ kind, sentence, reportedOnly }: Verdict): string | undefined =>
    reportedOnly ? 'reported only' : kind === 'tell' ? sentence : undefined;
  const looked = verdicts.filter((v) => !v.reportedOnly);
  const notLooked = verdicts.filter((v) => v.reportedOnly);
  return gathered([...looked, ...notLooked], key).map((alike) => {
    const first = alike[0]!;
    if (alike.length === 1) return { ...first, contests: [] };
    return {
      ...first,
      ...(first.reportedOnly ? { sentence: words[language].reportedOnly } : {}),
      contest: figureInWords({ name: 'contests', value: alike.length, unit: 'contests' }, language),
      contests: alike.map((v) => v.contest),
    };
  });
}

/** What an audit that was conducted on the record has come to; undefined of a full hand count, which has its own verdict. */
function auditVerdict(
  audit: AuditedContest,
  sides: Sides,
  again: Finding | undefined,
  language: Language,
): Omit<Verdict, 'contest'> | undefined {
  const last = audit.assessments.at(-1);
  const ending = endingOf(audit);
  if (
    last?.method === 'full hand count' &&
    last.lot === undefined &&
    (ending === 'full hand count agrees' || ending === 'full hand count corrects')
  )
    return undefined;
  const { asStated, doesNotFollow, reported } = words[language];
  const winner = sides.reported === undefined ? undefined : winnerOf(sides, sides.reported.total);
  const sentence = [
    ...(winner === undefined ? [] : [reported(leaderInWords(winner, language))]),
    auditInWords(toldOf(audit), language),
  ].join(' ');
  if (last === undefined) return { kind: 'tell', sentence };
  if (again?.word === 'fails') return { kind: 'fails', sentence: `${doesNotFollow} ${sentence}` };
  if (again?.word !== 'holds') return { kind: 'tell', sentence: `${sentence} ${asStated}` };
  const kind =
    ending === 'confirmed' || ending === 'full hand count agrees'
      ? 'holds'
      : ending === 'full hand count corrects'
        ? 'fails'
        : 'tell';
  return { kind, sentence };
}

/** A full hand count that was ordered replaces whatever was assessed before. */
function endingOf({ assessments, ordered }: AuditedContest): string {
  const last = assessments.at(-1);
  if (last === undefined) return ordered === undefined ? 'not begun' : 'full hand count ordered';
  return ordered !== undefined && last.method !== 'full hand count' ? 'full hand count ordered' : last.ending;
}

/** The acts of a contest's audit, with names in the place of ids. */
function toldOf(audit: AuditedContest): AuditTold {
  const { contest, method, riskLimit, rounds } = audit;
  const last = audit.assessments.at(-1);
  const risk = audit.assessments.findLast((a) => a.risk !== undefined)?.risk;
  const names = (ids: readonly string[]): string[] =>
    ids.map((id) => contest.choices.find((c) => c.id === id)?.name ?? id);
  const drawn = new Set(rounds.flatMap((r) => r.draws).filter(isPaper));
  const read = readingsAt(ofSample(audit), Infinity);
  return {
    contest: contest.name,
    method,
    ending: endingOf(audit),
    ...(riskLimit === undefined ? {} : { riskLimit: Number(riskLimit) }),
    ...(risk === undefined ? {} : { risk }),
    ...(last?.why === undefined ? {} : { why: last.why }),
    ...(last?.next === undefined ? {} : { next: last.next }),
    ...(last?.tied === undefined ? {} : { tied: names(last.tied) }),
    winners: names(last?.winners ?? []),
    ...(rounds.length === 0
      ? {}
      : {
          sample: {
            unit: rounds[0]!.unit,
            drawn: drawn.size,
            read: [...drawn].filter((u) => read.has(u)).length,
          },
        }),
  };
}

/** "Ann by 12 votes", or of the only choice "Ann, the only choice". */
export function leaderInWords({ name, margin }: Leader, language: Language = 'en'): string {
  const { leads, unopposed } = words[language];
  return margin === undefined ? unopposed(name) : leads(name, grouped(margin));
}

function verdictOf(finding: Finding | undefined, sides: Sides, language: Language): Omit<Verdict, 'contest'> {
  const say = words[language];
  const reported = sides.reported === undefined ? undefined : winnerOf(sides, sides.reported.total);
  const counted = sides.counted === undefined ? undefined : winnerOf(sides, sides.counted.total);
  if (counted === undefined || finding === undefined)
    return reported === undefined
      ? { kind: 'tell', sentence: say.noResult }
      : {
          kind: 'tell',
          sentence: `${say.reported(leaderInWords(reported, language))} ${say.noHandCount}`,
          reportedOnly: true,
        };
  if (finding.word === 'holds')
    return { kind: 'holds', sentence: say.agrees(leaderInWords(counted, language)) };
  if (finding.code === 'tie') return { kind: 'fails', sentence: say.tie };
  if (finding.word === 'fails')
    return {
      kind: 'fails',
      sentence: say.corrects(counted.name, grouped(counted.margin ?? 0), reported?.name ?? '–'),
    };
  if (finding.code === 'jurisdictions missing') return { kind: 'tell', sentence: say.otherPlaces };
  return {
    kind: 'tell',
    sentence: finding.code === 'choices missing' ? say.otherChoices : say.notTold,
  };
}

/** A number with its unit: "3,974 votes". */
export const figureInWords = (figure: Figure, language: Language = 'en'): string =>
  `${numberText(figure)} ${words[language].units[figure.unit]}`;

/** A column's title for a figure: its name where the words have one, else its unit. */
export function figureName(name: string, unit: FigureUnit, language: Language = 'en'): string {
  const { figures, units } = words[language];
  const title = figures[name] ?? name;
  return title === units[unit] ? title : `${title} (${units[unit]})`;
}

/** What the two counts of a contest are called, with when and of what: "machine count, certified, as of 11/20/2020 …". */
export function countLabels(
  sides: Sides,
  { handCountTotals }: Evidence,
  language: Language = 'en',
): { readonly reported: string; readonly counted: string } {
  const say = words[language];
  const { reported, counted, contest } = sides;
  const stated = handCountTotals.filter((t) => t.contest === contest.id);
  const batches = counted?.batches ?? stated.reduce((n, t) => n + t.batches, 0);
  return {
    reported: [
      say.machineCount,
      reported?.status === 'certified' ? say.certified : '',
      reported?.asOf === undefined ? '' : say.asOf(reported.asOf),
    ]
      .filter((t) => t !== '')
      .join(', '),
    counted: batches === 0 ? say.handCount : `${say.handCount}, ${grouped(batches)} ${say.units.batches}`,
  };
}

const stateNames: Readonly<Record<string, string>> = {
  AL: 'Alabama', AK: 'Alaska', AZ: 'Arizona', AR: 'Arkansas', CA: 'California', CO: 'Colorado',
  CT: 'Connecticut', DE: 'Delaware', DC: 'District of Columbia', FL: 'Florida', GA: 'Georgia',
  HI: 'Hawaii', ID: 'Idaho', IL: 'Illinois', IN: 'Indiana', IA: 'Iowa', KS: 'Kansas', KY: 'Kentucky',
  LA: 'Louisiana', ME: 'Maine', MD: 'Maryland', MA: 'Massachusetts', MI: 'Michigan', MN: 'Minnesota',
  MS: 'Mississippi', MO: 'Missouri', MT: 'Montana', NE: 'Nebraska', NV: 'Nevada', NH: 'New Hampshire',
  NJ: 'New Jersey', NM: 'New Mexico', NY: 'New York', NC: 'North Carolina', ND: 'North Dakota', OH: 'Ohio',
  OK: 'Oklahoma', OR: 'Oregon', PA: 'Pennsylvania', RI: 'Rhode Island', SC: 'South Carolina',
  SD: 'South Dakota', TN: 'Tennessee', TX: 'Texas', UT: 'Utah', VT: 'Vermont', VA: 'Virginia',
  WA: 'Washington', WV: 'West Virginia', WI: 'Wisconsin', WY: 'Wyoming',
}; // prettier-ignore

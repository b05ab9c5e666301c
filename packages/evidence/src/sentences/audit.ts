// What an audit of a contest has come to, in a paragraph an observer can follow: what was looked at, what it shows, what happens next. In English
// and Spanish; the desk, the public site, the offline page and the command line all say it in these words. Risk is said as what it is, the largest
// chance that a wrong outcome would have slipped through; never "certainty".
import type { AuditRefusal, Method, Outcome, Size } from '../audit/index.ts';
import { grouped } from './findings.ts';
import type { Language } from './vocabulary.ts';

/** The words of the house for what an audit has come to, as an assessment on the record states them. */
export type AuditEnding =
  | 'not begun'
  | 'go on'
  | 'confirmed'
  | 'full hand count ordered'
  | 'full hand count agrees'
  | 'full hand count corrects'
  | 'insufficient evidence';

/** What the acts of an audit say of a contest. */
export interface AuditTold {
  /** Names, of the contest as of choices: as people write them. */
  readonly contest: string;
  readonly method: string;
  readonly ending: string;
  /** Shares between 0 and 1. */
  readonly riskLimit?: number;
  readonly risk?: number;
  /** Why a full hand count was ordered, or why the evidence is insufficient: the code that an outcome carries. */
  readonly why?: string;
  readonly next?: { readonly expected: number; readonly p90: number; readonly unit: string };
  /** Whom the audit confirms or the hand count elects. */
  readonly winners: readonly string[];
  /** Whom the hand count leaves tied. */
  readonly tied?: readonly string[];
  /** Different cards or batches that were drawn, and how many of them are read. */
  readonly sample?: { readonly unit: 'card' | 'batch'; readonly drawn: number; readonly read: number };
}

interface AuditWords {
  readonly locale: string;
  /** As proper names. */
  readonly methods: Readonly<Record<Method, string>>;
  readonly endings: Readonly<Record<AuditEnding, string>>;
  readonly looked: (
    contest: string,
    method: string,
    read: number,
    drawn: number,
    unit: 'card' | 'batch',
  ) => string;
  readonly notBegun: (contest: string) => string;
  readonly confirmed: (contest: string, winners: string, limit: string, risk: string) => string;
  readonly measured: (risk: string, limit: string) => string;
  readonly goOn: string;
  readonly enough: (expected: string, p90: string, unit: string) => string;
  readonly units: Readonly<Record<Size['unit'], string>>;
  readonly full: Readonly<Record<Extract<Outcome, { kind: 'fullHandCountOrdered' }>['why'], string>>;
  readonly fullOrdered: (contest: string) => string;
  readonly agrees: (contest: string, winners: string) => string;
  readonly corrects: (contest: string, winners: string) => string;
  readonly insufficient: Readonly<Record<Extract<Outcome, { kind: 'insufficientEvidence' }>['why'], string>>;
  readonly tied: (among: string) => string;
  readonly nothingConfirmed: (contest: string) => string;
  readonly refusals: Readonly<Record<AuditRefusal['code'], string>>;
  readonly notAudited: string;
}

const en: AuditWords = {
  locale: 'en-US',
  methods: {
    'ballot polling': 'Ballot polling',
    'card comparison': 'Card comparison',
    'batch comparison': 'Batch comparison',
    ONEAudit: 'ONEAudit (card comparison with pools)',
    stratified: 'Stratified audit',
    Bayesian: 'Bayesian ballot polling',
    'fixed percentage': 'Fixed-percentage check',
    'full hand count': 'Full hand count',
  },
  endings: {
    'not begun': 'Not begun',
    'go on': 'Go on',
    confirmed: 'Confirmed',
    'full hand count ordered': 'Full hand count ordered',
    'full hand count agrees': 'Full hand count agrees',
    'full hand count corrects': 'Full hand count corrects',
    'insufficient evidence': 'Insufficient evidence',
  },
  looked: (contest, method, read, drawn, unit) => {
    const [one, many] = unit === 'card' ? ['card', 'cards'] : ['batch', 'batches'];
    const some = read === drawn ? (drawn === 1 ? 'the one' : 'all') : `${grouped(read)} of the`;
    const what = drawn === 1 ? `${some} ${one}` : `${some} ${grouped(drawn)} ${many}`;
    return `${contest} is audited by ${method}: people have read ${what} drawn at random.`;
  },
  notBegun: (contest) => `The audit of ${contest} has not come to anything yet: no round is assessed.`,
  confirmed: (contest, winners, limit, risk) =>
    `The paper confirms the reported outcome of ${contest}${winners === '' ? '' : `: ${winners}`}. If that outcome were wrong, the chance that this audit would not have shown it is at most ${limit}${risk === '' ? '' : `; the sample itself measures ${risk}`}.`,
  measured: (risk, limit) =>
    `The sample so far would come up this strongly in up to ${risk} of audits even if the reported outcome were wrong; the limit is ${limit}.`,
  goOn: 'So the audit goes on: more paper is to be read.',
  enough: (expected, p90, unit) =>
    `If the reported outcome is right, about ${expected} ${unit} in all should be enough, and ${p90} in nine cases of ten.`,
  units: { cards: 'cards', batches: 'batches', draws: 'draws' },
  full: {
    'sample-refutes': 'What was found cannot be outweighed by any further sample.',
    'no-smaller-sample': 'No sample smaller than the whole is likely to be enough.',
    'all-drawn': 'Everything has been drawn, and the paper does not bear out the report by itself.',
  },
  fullOrdered: (contest) =>
    `All the paper of ${contest} must now be counted by hand, and that count decides.`,
  agrees: (contest, winners) =>
    `All the paper of ${contest} was counted by hand, and it elects the same as was reported${winners === '' ? '' : `: ${winners}`}.`,
  corrects: (contest, winners) =>
    `All the paper of ${contest} was counted by hand, and it elects ${winners}, not who was reported. The hand count replaces the report.`,
  insufficient: {
    'not-targeted':
      'This contest was not the one sampled for. What its cards show is reported, and confirms nothing by itself.',
    'pending-cards': 'The round cannot be judged until everything drawn has been read.',
    'one-seed-for-all-rounds':
      'The rule used is a risk limit only if every round is drawn with a seed of its own; this one was not.',
    'no-risk-limit':
      'This check looks at a fixed share of the batches whatever the margin. It can find faults; it does not limit the risk of a wrong outcome.',
    'hand-count-tied': 'The hand count ends in a tie.',
    'hand-count-incomplete': 'The hand count does not cover everything that was reported.',
  },
  tied: (among) => `Tied are ${among}.`,
  nothingConfirmed: (contest) => `The evidence does not settle ${contest}: nothing is confirmed.`,
  notAudited: 'Nothing was assessed.',
  refusals: {
    'contest-without-votes': 'The contest has no votes.',
    uncontested: 'Nobody could have lost this contest.',
    'not-covered': 'There is no proven way to audit this voting rule by a sample.',
    'more-cvrs-than-cards': 'There are more machine records than cards.',
    'more-votes-than-cards': 'There are more votes than the cards could hold.',
    'choices-and-votes-differ': 'The result does not have one number for each choice.',
    'tied-contest': 'The reported result is a tie: only a full count can settle it.',
    'no-rankings': 'The rankings are not at hand.',
    'gave-up': 'No set of assertions was found in the time allowed.',
    'card-drawn-twice': 'A card or batch stands in the sample twice.',
    'card-never-drawn': 'There is an interpretation of a card that was never drawn.',
    'card-without-record': 'A drawn card has no machine record, and is not listed as lacking one.',
    'record-without-contest':
      'A drawn card’s machine record does not hold the contest, so that the card is none of those the contest was drawn from.',
    'unknown-choice': 'An interpretation names a choice that the contest does not have.',
    'more-drawn-than-cards': 'More was drawn than there is.',
    'rule-not-for-this-contest': 'The rule chosen does not cover this kind of contest.',
    'batch-without-result': 'A batch lacks a reported result for this contest.',
    'batch-never-drawn': 'There is a count of a batch that was never drawn.',
    'batch-listed-twice': 'A batch stands in the manifest twice.',
    'count-not-of-every-choice': 'A count of a batch does not give a whole number for each choice.',
    'unknown-batch': 'A batch is named that the manifest does not have.',
    'batches-do-not-add-up': 'The batches do not add up to the reported result.',
    'no-risk-limit': 'A risk limit is a share between 0 and 1.',
  },
};

const es: AuditWords = {
  locale: 'es-US',
  methods: {
    'ballot polling': 'Muestreo de boletas',
    'card comparison': 'Comparación de hojas',
    'batch comparison': 'Comparación de lotes',
    ONEAudit: 'ONEAudit (comparación de hojas con grupos)',
    stratified: 'Auditoría estratificada',
    Bayesian: 'Muestreo bayesiano de boletas',
    'fixed percentage': 'Revisión de porcentaje fijo',
    'full hand count': 'Conteo completo a mano',
  },
  endings: {
    'not begun': 'Sin empezar',
    'go on': 'Continúa',
    confirmed: 'Confirmado',
    'full hand count ordered': 'Conteo completo a mano ordenado',
    'full hand count agrees': 'El conteo completo a mano coincide',
    'full hand count corrects': 'El conteo completo a mano corrige',
    'insufficient evidence': 'Evidencia insuficiente',
  },
  looked: (contest, method, read, drawn, unit) => {
    const [one, the, many] =
      unit === 'card'
        ? ['la hoja sorteada', 'las', 'hojas sorteadas']
        : ['el lote sorteado', 'los', 'lotes sorteados'];
    const some = read === drawn ? the : `${grouped(read)} de ${the}`;
    const what =
      drawn === 1
        ? `${read === 1 ? 'se leyó' : 'falta leer'} ${one}`
        : `se leyeron ${some} ${grouped(drawn)} ${many}`;
    return `${contest} se audita por ${method}: ${what} al azar.`;
  },
  notBegun: (contest) =>
    `La auditoría de ${contest} todavía no ha llegado a nada: no hay ninguna ronda evaluada.`,
  confirmed: (contest, winners, limit, risk) =>
    `El papel confirma el resultado informado de ${contest}${winners === '' ? '' : `: ${winners}`}. Si ese resultado fuera erróneo, la probabilidad de que esta auditoría no lo hubiera mostrado es de ${limit} como máximo${risk === '' ? '' : `; la propia muestra mide ${risk}`}.`,
  measured: (risk, limit) =>
    `Hasta ahora, una muestra así de favorable saldría en hasta ${risk} de las auditorías aunque el resultado informado fuera erróneo; el límite es ${limit}.`,
  goOn: 'Por eso la auditoría continúa: hay que leer más papel.',
  enough: (expected, p90, unit) =>
    `Si el resultado informado es correcto, deberían bastar alrededor de ${expected} ${unit} en total, y ${p90} en nueve de cada diez casos.`,
  units: { cards: 'hojas', batches: 'lotes', draws: 'sorteos' },
  full: {
    'sample-refutes': 'Lo encontrado no puede compensarse con ninguna muestra adicional.',
    'no-smaller-sample': 'No es probable que baste una muestra menor que el total.',
    'all-drawn': 'Ya se ha sorteado todo, y el papel por sí solo no respalda lo informado.',
  },
  fullOrdered: (contest) => `Ahora hay que contar a mano todo el papel de ${contest}, y ese conteo decide.`,
  agrees: (contest, winners) =>
    `Se contó a mano todo el papel de ${contest}, y elige lo mismo que se informó${winners === '' ? '' : `: ${winners}`}.`,
  corrects: (contest, winners) =>
    `Se contó a mano todo el papel de ${contest}, y elige a ${winners}, no a quien se informó. El conteo a mano reemplaza lo informado.`,
  insufficient: {
    'not-targeted':
      'La muestra no se hizo para esta contienda. Se informa lo que muestran sus hojas, que por sí solo no confirma nada.',
    'pending-cards': 'La ronda no puede juzgarse hasta que se haya leído todo lo sorteado.',
    'one-seed-for-all-rounds':
      'La regla usada limita el riesgo solo si cada ronda se sortea con su propia semilla; esta no.',
    'no-risk-limit':
      'Esta revisión mira una parte fija de los lotes, sea cual sea la diferencia. Puede hallar fallos; no limita el riesgo de un resultado erróneo.',
    'hand-count-tied': 'El conteo a mano termina en empate.',
    'hand-count-incomplete': 'El conteo a mano no abarca todo lo informado.',
  },
  tied: (among) => `Empatan ${among}.`,
  nothingConfirmed: (contest) => `La evidencia no decide ${contest}: nada queda confirmado.`,
  notAudited: 'No se evaluó nada.',
  refusals: {
    'contest-without-votes': 'La contienda no tiene votos.',
    uncontested: 'Nadie podía perder esta contienda.',
    'not-covered': 'No hay una forma demostrada de auditar esta regla de votación con una muestra.',
    'more-cvrs-than-cards': 'Hay más registros de la máquina que hojas.',
    'more-votes-than-cards': 'Hay más votos de los que caben en las hojas.',
    'choices-and-votes-differ': 'El resultado no tiene un número para cada opción.',
    'tied-contest': 'El resultado informado es un empate: solo un conteo completo puede resolverlo.',
    'no-rankings': 'No se dispone del orden de preferencias.',
    'gave-up': 'No se halló un conjunto de afirmaciones en el tiempo permitido.',
    'card-drawn-twice': 'Una hoja o un lote figura dos veces en la muestra.',
    'card-never-drawn': 'Hay una lectura de una hoja que nunca se sorteó.',
    'card-without-record': 'Una hoja sorteada no tiene registro de la máquina, ni consta que le falte.',
    'record-without-contest':
      'El registro de la máquina de una hoja sorteada no contiene la contienda, así que no es de las que se sorteaban para ella.',
    'unknown-choice': 'Una lectura nombra una opción que la contienda no tiene.',
    'more-drawn-than-cards': 'Se sorteó más de lo que hay.',
    'rule-not-for-this-contest': 'La regla elegida no sirve para este tipo de contienda.',
    'batch-without-result': 'A un lote le falta el resultado informado de esta contienda.',
    'batch-never-drawn': 'Hay un conteo de un lote que nunca se sorteó.',
    'batch-listed-twice': 'Un lote figura dos veces en el manifiesto.',
    'count-not-of-every-choice': 'El conteo de un lote no da un número entero para cada opción.',
    'unknown-batch': 'Se nombra un lote que no está en el manifiesto.',
    'batches-do-not-add-up': 'Los lotes no suman el resultado informado.',
    'no-risk-limit': 'Un límite de riesgo es una fracción entre 0 y 1.',
  },
};

const words: Readonly<Record<Language, AuditWords>> = { en, es };

/** The paragraph about one contest's audit. */
export function auditInWords(told: AuditTold, language: Language = 'en'): string {
  const w = words[language];
  const { contest, ending, sample, risk, riskLimit, next } = told;
  const list = (names: readonly string[] = []): string => new Intl.ListFormat(w.locale).format(names);
  const share = (of: number | undefined): string => (of === undefined ? '' : percent(of, w.locale));
  const why = <S>(of: Readonly<Record<string, S>>): S[] =>
    Object.entries(of).flatMap(([code, s]) => (code === told.why ? [s] : []));
  const looked =
    sample === undefined || sample.drawn === 0
      ? []
      : [
          w.looked(
            contest,
            inSentence(methodInWords(told.method, language)),
            sample.read,
            sample.drawn,
            sample.unit,
          ),
        ];
  const came = (): readonly string[] => {
    switch (ending) {
      case 'confirmed':
        return [w.confirmed(contest, list(told.winners), share(riskLimit), share(risk))];
      case 'go on':
        return [
          ...(risk === undefined ? [] : [w.measured(share(risk), share(riskLimit))]),
          w.goOn,
          ...(next === undefined
            ? []
            : [
                w.enough(
                  grouped(Math.ceil(next.expected)),
                  grouped(Math.ceil(next.p90)),
                  w.units[next.unit as Size['unit']] ?? next.unit,
                ),
              ]),
        ];
      case 'full hand count ordered':
        return [...why(w.full), w.fullOrdered(contest)];
      case 'full hand count agrees':
        return [w.agrees(contest, list(told.winners))];
      case 'full hand count corrects':
        return [w.corrects(contest, list(told.winners))];
      case 'insufficient evidence':
        return [
          ...why(w.insufficient),
          ...(told.tied === undefined ? [] : [w.tied(list(told.tied))]),
          w.nothingConfirmed(contest),
        ];
      default:
        return [w.notBegun(contest)];
    }
  };
  return [...looked, ...came()].join(' ');
}

/** A method's name as it stands within a sentence: ONEAudit and Bayes keep their capitals. */
const inSentence = (method: string): string =>
  /^(?:ONEAudit|Bayesian)/.test(method) ? method : `${method.slice(0, 1).toLowerCase()}${method.slice(1)}`;

/** The few words for what an audit has come to: "Full hand count agrees". */
export const endingInWords = (ending: string, language: Language = 'en'): string =>
  (words[language].endings as Readonly<Record<string, string>>)[ending] ?? ending;

/** A method by its name: "Batch comparison". */
export const methodInWords = (method: string, language: Language = 'en'): string =>
  (words[language].methods as Readonly<Record<string, string>>)[method] ?? method;

/** Two digits that mean something: 3.4%, 0.056%; never rounded down to nothing, except where it is nothing. */
function percent(share: number, locale: string): string {
  const said = (n: number): string =>
    new Intl.NumberFormat(locale, { style: 'percent', maximumSignificantDigits: 2 }).format(n);
  return share > 0 && share < 1e-6 ? `<\u00a0${said(1e-6)}` : said(share);
}

/** Why nothing was assessed. */
export const auditRefusalInWords = (refusal: AuditRefusal, language: Language = 'en'): string =>
  `${words[language].notAudited} ${words[language].refusals[refusal.code]}`;

// What an audit of a contest came to, in a paragraph an observer can follow: what was looked at, what it shows, what happens next. In English
// and Spanish. Risk is said as what it is, the largest chance that a wrong outcome would have slipped through; never "certainty".
import type { AuditRefusal, ContestAudit, Method, Outcome, SampleCounts, Size } from '../audit/index.ts';
import type { Language } from './vocabulary.ts';

interface AuditWords {
  readonly locale: string;
  readonly methods: Readonly<Record<Method, string>>;
  readonly looked: (
    contest: string,
    method: string,
    n: string,
    of: string,
    what: 'cards' | 'batches',
  ) => string;
  readonly missing: (n: string) => string;
  readonly phantoms: (n: string) => string;
  readonly pending: (n: string) => string;
  readonly confirmed: (contest: string, limit: string, risk: string) => string;
  readonly settledExactly: string;
  readonly measured: (risk: string, limit: string) => string;
  readonly goOn: (expected: string, p90: string, unit: string) => string;
  readonly units: Readonly<Record<Size['unit'], string>>;
  readonly full: Readonly<Record<Extract<Outcome, { kind: 'fullHandCountOrdered' }>['why'], string>>;
  readonly fullOrdered: string;
  readonly agrees: string;
  readonly corrects: (winners: string) => string;
  readonly insufficient: Readonly<Record<Extract<Outcome, { kind: 'insufficientEvidence' }>['why'], string>>;
  readonly refusals: Readonly<Record<AuditRefusal['code'], string>>;
  readonly notAudited: string;
}

const en: AuditWords = {
  locale: 'en-US',
  methods: {
    'ballot polling': 'ballot polling',
    'card comparison': 'card comparison',
    'batch comparison': 'batch comparison',
    ONEAudit: 'card comparison with pools (ONEAudit)',
    stratified: 'a stratified audit',
    Bayesian: 'Bayesian ballot polling',
    'fixed percentage': 'a fixed-percentage check',
    'full hand count': 'a full hand count',
  },
  looked: (contest, method, n, of, what) =>
    `${contest} was audited by ${method}: people have read ${n} of ${of} ${what}, drawn at random.`,
  missing: (n) => `${n} could not be found and are counted as the worst they could have been.`,
  phantoms: (n) => `${n} have no machine record and are counted against the reported outcome.`,
  pending: (n) => `${n} that were drawn have not been read yet.`,
  confirmed: (contest, limit, risk) =>
    `The paper confirms the reported outcome of ${contest}. If that outcome were wrong, the chance that this audit would not have shown it is at most ${limit}; the sample itself measures ${risk}.`,
  settledExactly: 'The figure was so near the limit that it was settled in whole numbers.',
  measured: (risk, limit) =>
    `The sample so far would come up this strongly in up to ${risk} of audits even if the reported outcome were wrong; the limit is ${limit}.`,
  goOn: (expected, p90, unit) =>
    `So the audit goes on: if the reported outcome is right, about ${expected} ${unit} in all should be enough, and ${p90} in nine cases of ten.`,
  units: { cards: 'cards', batches: 'batches', draws: 'draws' },
  full: {
    'sample-refutes': 'What was found cannot be outweighed by any further sample.',
    'no-smaller-sample': 'No sample smaller than the whole is likely to be enough.',
    'all-drawn': 'Everything has been drawn, and the paper does not bear out the report by itself.',
  },
  fullOrdered: 'All the paper must now be counted by hand, and that count decides.',
  agrees: 'All the paper was counted by hand, and it elects the same as was reported.',
  corrects: (winners) =>
    `All the paper was counted by hand, and it elects ${winners}, not who was reported. The hand count replaces the report.`,
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
    'ballot polling': 'muestreo de boletas',
    'card comparison': 'comparación de boletas',
    'batch comparison': 'comparación de lotes',
    ONEAudit: 'comparación de boletas con grupos (ONEAudit)',
    stratified: 'una auditoría estratificada',
    Bayesian: 'muestreo bayesiano de boletas',
    'fixed percentage': 'una revisión de porcentaje fijo',
    'full hand count': 'un recuento manual completo',
  },
  looked: (contest, method, n, of, what) =>
    `${contest} se auditó por ${method}: se han leído ${n} de ${of} ${what === 'cards' ? 'boletas' : 'lotes'}, elegidos al azar.`,
  missing: (n) => `${n} no se pudieron encontrar y se cuentan como lo peor que podrían haber sido.`,
  phantoms: (n) => `${n} no tienen registro de la máquina y se cuentan en contra del resultado anunciado.`,
  pending: (n) => `${n} de la muestra aún no se han leído.`,
  confirmed: (contest, limit, risk) =>
    `El papel confirma el resultado anunciado de ${contest}. Si ese resultado fuera erróneo, la probabilidad de que esta auditoría no lo hubiera mostrado es de ${limit} como máximo; la propia muestra mide ${risk}.`,
  settledExactly: 'La cifra quedó tan cerca del límite que se decidió con números enteros.',
  measured: (risk, limit) =>
    `Hasta ahora, una muestra así de favorable saldría en hasta ${risk} de las auditorías aunque el resultado anunciado fuera erróneo; el límite es ${limit}.`,
  goOn: (expected, p90, unit) =>
    `Por eso la auditoría continúa: si el resultado anunciado es correcto, unas ${expected} ${unit} en total deberían bastar, y ${p90} en nueve de cada diez casos.`,
  units: { cards: 'boletas', batches: 'lotes', draws: 'extracciones' },
  full: {
    'sample-refutes': 'Lo encontrado no puede compensarse con ninguna muestra adicional.',
    'no-smaller-sample': 'No es probable que baste una muestra menor que el total.',
    'all-drawn': 'Ya se ha extraído todo, y el papel por sí solo no respalda lo anunciado.',
  },
  fullOrdered: 'Ahora hay que contar a mano todo el papel, y ese recuento decide.',
  agrees: 'Se contó a mano todo el papel, y elige lo mismo que se anunció.',
  corrects: (winners) =>
    `Se contó a mano todo el papel, y elige a ${winners}, no a quien se anunció. El recuento manual reemplaza lo anunciado.`,
  insufficient: {
    'not-targeted':
      'La muestra no se hizo para esta contienda. Se informa lo que muestran sus boletas, que por sí solo no confirma nada.',
    'pending-cards': 'La ronda no puede juzgarse hasta que se haya leído todo lo extraído.',
    'one-seed-for-all-rounds':
      'La regla usada limita el riesgo solo si cada ronda se extrae con su propia semilla; esta no.',
    'no-risk-limit':
      'Esta revisión mira una parte fija de los lotes, sea cual sea la diferencia. Puede hallar fallos; no limita el riesgo de un resultado erróneo.',
    'hand-count-tied': 'El recuento manual termina en empate.',
    'hand-count-incomplete': 'El recuento manual no abarca todo lo anunciado.',
  },
  notAudited: 'No se evaluó nada.',
  refusals: {
    'contest-without-votes': 'La contienda no tiene votos.',
    uncontested: 'Nadie podía perder esta contienda.',
    'not-covered': 'No hay una forma demostrada de auditar esta regla de votación con una muestra.',
    'more-cvrs-than-cards': 'Hay más registros de la máquina que boletas.',
    'more-votes-than-cards': 'Hay más votos de los que caben en las boletas.',
    'choices-and-votes-differ': 'El resultado no tiene un número para cada opción.',
    'tied-contest': 'El resultado anunciado es un empate: solo un recuento completo puede resolverlo.',
    'no-rankings': 'No se dispone del orden de preferencias.',
    'gave-up': 'No se halló un conjunto de afirmaciones en el tiempo permitido.',
    'card-drawn-twice': 'Una boleta o un lote figura dos veces en la muestra.',
    'card-never-drawn': 'Hay una lectura de una boleta que nunca se extrajo.',
    'card-without-record': 'Una boleta extraída no tiene registro de la máquina, ni consta que le falte.',
    'record-without-contest':
      'El registro de la máquina de una boleta extraída no contiene la contienda, así que no es de las que se extraían para ella.',
    'unknown-choice': 'Una lectura nombra una opción que la contienda no tiene.',
    'more-drawn-than-cards': 'Se extrajo más de lo que hay.',
    'rule-not-for-this-contest': 'La regla elegida no sirve para este tipo de contienda.',
    'batch-without-result': 'A un lote le falta el resultado anunciado de esta contienda.',
    'batch-never-drawn': 'Hay un recuento de un lote que nunca se extrajo.',
    'batch-listed-twice': 'Un lote figura dos veces en el manifiesto.',
    'count-not-of-every-choice': 'El recuento de un lote no da un número entero para cada opción.',
    'unknown-batch': 'Se nombra un lote que no está en el manifiesto.',
    'batches-do-not-add-up': 'Los lotes no suman el resultado anunciado.',
    'no-risk-limit': 'Un límite de riesgo es una fracción entre 0 y 1.',
  },
};

const words: Readonly<Record<Language, AuditWords>> = { en, es };

/** The paragraph about one contest's audit. `name` is how people call the contest; `choiceName` how they call a choice. */
export function auditInWords(
  audit: ContestAudit,
  name: string,
  language: Language = 'en',
  choiceName: (id: string) => string = (id) => id,
): string {
  const w = words[language];
  const n = (x: number): string => x.toLocaleString(w.locale);
  const { sample, outcome } = audit;
  const sentences = [lookedAt(audit, sample, name, w, n)];
  if (sample.notFound > 0) sentences.push(w.missing(n(sample.notFound)));
  if (sample.phantoms > 0) sentences.push(w.phantoms(n(sample.phantoms)));
  if (sample.pending > 0) sentences.push(w.pending(n(sample.pending)));
  const risk = percent(audit.risk, w.locale);
  const limit = percent(audit.riskLimit, w.locale);
  switch (outcome.kind) {
    case 'confirmed':
      sentences.push(w.confirmed(name, limit, risk));
      if (outcome.exactly && audit.risk > 0) sentences.push(w.settledExactly);
      break;
    case 'goOn':
      sentences.push(
        w.measured(risk, limit),
        w.goOn(n(outcome.to.expected), n(outcome.to.p90), w.units[outcome.to.unit]),
      );
      break;
    case 'fullHandCountOrdered':
      sentences.push(w.full[outcome.why], w.fullOrdered);
      break;
    case 'fullHandCountAgrees':
      sentences.push(w.agrees);
      break;
    case 'fullHandCountCorrects':
      sentences.push(w.corrects(outcome.winners.map(choiceName).join(', ')));
      break;
    case 'insufficientEvidence':
    default:
      sentences.push(w.insufficient[outcome.why]);
  }
  return sentences.join(' ');
}

const lookedAt = (
  audit: ContestAudit,
  sample: SampleCounts,
  name: string,
  w: AuditWords,
  n: (x: number) => string,
): string =>
  w.looked(
    name,
    w.methods[audit.method],
    n(sample.interpreted),
    n(sample.population),
    audit.method === 'batch comparison' || audit.method === 'fixed percentage' ? 'batches' : 'cards',
  );

/** Two digits that mean something: 3.4 %, 0.056 %; never rounded down to nothing, except where it is nothing. */
function percent(share: number, locale: string): string {
  if (share > 0 && share < 1e-6)
    return `<\u00a0${(1e-4).toLocaleString(locale, { maximumFractionDigits: 4 })}\u00a0%`;
  return `${(100 * share).toLocaleString(locale, { maximumSignificantDigits: 2 })}\u00a0%`;
}

/** Why nothing was assessed. */
export const auditRefusalInWords = (refusal: AuditRefusal, language: Language = 'en'): string =>
  `${words[language].notAudited} ${words[language].refusals[refusal.code]}`;

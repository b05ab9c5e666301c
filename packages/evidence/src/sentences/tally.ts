// A ranked count in words, round by round: who was elected and why, who went and why, and where the votes went.
import type { Because, RankedResult, RoundExplained, Tie } from '../tally/index.ts';
import { explainRounds } from '../tally/index.ts';
import type { Language } from './vocabulary.ts';

interface TallyWords {
  readonly round: (n: string) => string;
  readonly and: string;
  /** By reason: of one candidate and of several. */
  readonly because: Readonly<Record<Because, (d: DecidedText) => string>>;
  readonly tie: (others: string, by: string) => string;
  readonly tieBy: Readonly<Record<Tie['by'], string>>;
  readonly goesTo: (votes: string, name: string) => string;
  readonly transfer: (from: string, parts: string) => string;
  readonly toNobody: (votes: string) => string;
  readonly cutOff: (votes: string) => string;
  readonly elected: (names: string) => string;
  readonly nobodyElected: string;
  readonly undecided: (names: string, choosing: 'winner' | 'loser') => string;
  readonly titles: Readonly<
    Record<'candidate' | 'inactive' | 'threshold' | 'elected' | 'eliminated', string>
  >;
}

interface DecidedText {
  readonly names: string;
  readonly several: boolean;
  readonly votes: string;
  readonly threshold: string;
}

const words: Readonly<Record<Language, TallyWords>> = {
  en: {
    round: (n) => `Round ${n}`,
    and: 'and',
    because: {
      threshold: ({ names, several, votes, threshold }) =>
        several
          ? `${names} are elected: each has the ${threshold} votes that are needed.`
          : `${names} is elected with ${votes} votes; ${threshold} are needed.`,
      lastTwo: ({ names, votes }) => `${names} is elected: ${votes} votes, the most of the last two.`,
      seatsForAll: ({ names, several }) =>
        `${names} ${several ? 'are' : 'is'} elected: no more candidates are left than seats.`,
      share: ({ names, several, threshold }) =>
        several
          ? `${names} stay: each has at least ${threshold} votes.`
          : `${names} stays, with at least ${threshold} votes.`,
      undeclared: ({ names, votes }) =>
        `${names} (${votes} votes) are eliminated first: they are not one person, and cannot be elected.`,
      minimum: ({ names, several }) =>
        `${names} ${several ? 'have' : 'has'} fewer votes than the minimum, and ${several ? 'are' : 'is'} eliminated.`,
      cannotCatchUp: ({ names, votes }) =>
        `${names} are eliminated together: all their ${votes} votes are fewer than those of the next above them.`,
      fewest: ({ names, votes }) => `${names} is eliminated with the fewest votes, ${votes}.`,
      underShare: ({ names, several, threshold }) =>
        `${names} ${several ? 'have' : 'has'} fewer than ${threshold} votes, and ${several ? 'are' : 'is'} eliminated.`,
    },
    tie: (others, by) => `Tied: ${others}. ${by}`,
    tieBy: {
      order: 'The order of the candidates decided.',
      random: 'A random number from the announced seed decided.',
      permutation: 'An order drawn from the announced seed decided.',
      previousRounds: 'The votes in the rounds before decided.',
      lots: 'A lot was drawn.',
    },
    goesTo: (votes, name) => `${votes} to ${name}`,
    transfer: (from, parts) => `Votes of ${from}: ${parts}.`,
    toNobody: (votes) => `${votes} to nobody, with no further choice`,
    cutOff: (votes) => `${votes} cut off as fractions`,
    elected: (names) => `Elected: ${names}.`,
    nobodyElected: 'Nobody is elected.',
    undecided: (names, choosing) =>
      `The count stops: ${names} are tied, and a lot must be drawn for who ${choosing === 'winner' ? 'wins' : 'is eliminated'}.`,
    titles: {
      candidate: 'candidate',
      inactive: 'count for nobody',
      threshold: 'needed',
      elected: 'elected',
      eliminated: 'eliminated',
    },
  },
  es: {
    round: (n) => `Ronda ${n}`,
    and: 'y',
    because: {
      threshold: ({ names, several, votes, threshold }) =>
        several
          ? `${names} resultan elegidos: cada uno tiene los ${threshold} votos necesarios.`
          : `${names} resulta elegido con ${votes} votos; se necesitan ${threshold}.`,
      lastTwo: ({ names, votes }) =>
        `${names} resulta elegido: ${votes} votos, el mayor número de los dos últimos.`,
      seatsForAll: ({ names, several }) =>
        `${names} ${several ? 'resultan elegidos' : 'resulta elegido'}: no quedan más candidatos que puestos.`,
      share: ({ names, several, threshold }) =>
        several
          ? `${names} permanecen: cada uno tiene al menos ${threshold} votos.`
          : `${names} permanece, con al menos ${threshold} votos.`,
      undeclared: ({ names, votes }) =>
        `${names} (${votes} votos) se eliminan primero: no son una sola persona y no pueden resultar elegidos.`,
      minimum: ({ names, several }) =>
        `${names} ${several ? 'tienen' : 'tiene'} menos votos que el mínimo y ${several ? 'quedan eliminados' : 'queda eliminado'}.`,
      cannotCatchUp: ({ names, votes }) =>
        `${names} quedan eliminados juntos: todos sus ${votes} votos son menos que los del siguiente por encima.`,
      fewest: ({ names, votes }) => `${names} queda eliminado con el menor número de votos, ${votes}.`,
      underShare: ({ names, several, threshold }) =>
        `${names} ${several ? 'tienen' : 'tiene'} menos de ${threshold} votos y ${several ? 'quedan eliminados' : 'queda eliminado'}.`,
    },
    tie: (others, by) => `Empate: ${others}. ${by}`,
    tieBy: {
      order: 'Decidió el orden de los candidatos.',
      random: 'Decidió un número aleatorio de la semilla anunciada.',
      permutation: 'Decidió un orden sorteado de la semilla anunciada.',
      previousRounds: 'Decidieron los votos de las rondas anteriores.',
      lots: 'Se echó a suertes.',
    },
    goesTo: (votes, name) => `${votes} a ${name}`,
    transfer: (from, parts) => `Votos de ${from}: ${parts}.`,
    toNobody: (votes) => `${votes} a nadie, sin más preferencias`,
    cutOff: (votes) => `${votes} descartados como fracciones`,
    elected: (names) => `Elegidos: ${names}.`,
    nobodyElected: 'Nadie resulta elegido.',
    undecided: (names, choosing) =>
      `El recuento se detiene: ${names} están empatados y hay que echar a suertes quién ${choosing === 'winner' ? 'gana' : 'queda eliminado'}.`,
    titles: {
      candidate: 'candidato',
      inactive: 'sin contar para nadie',
      threshold: 'necesarios',
      elected: 'elegido',
      eliminated: 'eliminado',
    },
  },
};

/** "14866.5192" as 14,866.5192. */
export function votesText(votes: string): string {
  const [whole, fraction] = votes.split('.');
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

export const tallyTitle = (title: keyof TallyWords['titles'], language: Language = 'en'): string =>
  words[language].titles[title];

export const roundTitle = (round: number, language: Language = 'en'): string =>
  words[language].round(String(round));

/** The sentences of one round: what was decided, then where the votes went. */
export function roundInWords(
  { threshold, decided, flows }: RoundExplained,
  language: Language = 'en',
): string[] {
  const say = words[language];
  const sentences: string[] = [];
  for (const { because, candidates, votes, tie } of decided) {
    const text = {
      names: listed(candidates, say.and),
      several: candidates.length > 1,
      votes: votesText(votes),
      threshold: votesText(threshold),
    };
    sentences.push(say.because[because](text));
    if (tie !== undefined) sentences.push(say.tie(listed(tie.among, say.and), say.tieBy[tie.by]));
  }
  for (const from of new Set(flows.map((flow) => flow.from))) {
    const parts = flows
      .filter((flow) => flow.from === from)
      .map(({ to, votes }) =>
        to === 'exhausted'
          ? say.toNobody(votesText(votes))
          : to === 'residual'
            ? say.cutOff(votesText(votes))
            : say.goesTo(votesText(votes), to.candidate),
      );
    sentences.push(oneStop(say.transfer(from, parts.join('; '))));
  }
  return sentences;
}

/** What a count came to: its last sentence. */
export function tallyInWords({ winners, undecided }: RankedResult, language: Language = 'en'): string {
  const say = words[language];
  if (undecided !== undefined) return say.undecided(listed(undecided.among, say.and), undecided.choosing);
  return winners.length === 0 ? say.nobodyElected : oneStop(say.elected(listed(winners, say.and)));
}

/** A whole count: for each round its title and sentences. */
export const roundsInWords = (
  result: RankedResult,
  language: Language = 'en',
): { title: string; sentences: string[] }[] =>
  explainRounds(result).map((round) => ({
    title: roundTitle(round.round, language),
    sentences: roundInWords(round, language),
  }));

/** A name that ends in a full stop ("Jr.") ends the sentence with it. */
const oneStop = (sentence: string): string => sentence.replace(/\.\.$/, '.');

/** "Ann", "Ann and Bo", "Ann, Bo and Cy". */
const listed = (names: readonly string[], and: string): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} ${and} ${names.at(-1)}`;

// The fixed words of the pages: headings, buttons, labels. What findings and answers say stands in the other files of this room.

export interface PageWords {
  readonly language: string;
  readonly otherLanguage: string;
  readonly skip: string;
  readonly tagline: string;
  readonly openTitle: string;
  readonly openLead: string;
  readonly openPrivate: string;
  readonly openFolder: string;
  readonly openFile: string;
  readonly drop: string;
  readonly openAnother: string;
  readonly verifying: string;
  readonly refused: string;
  readonly refusals: Readonly<Record<string, string>>;
  readonly theRecord: string;
  readonly theElection: string;
  readonly recordLead: string;
  readonly electionLead: string;
  readonly counts: Readonly<Record<'holds' | 'fails' | 'cannot tell' | 'does not apply', string>>;
  readonly whichContests: string;
  readonly reportedOnly: (contests: string) => string;
  readonly sideBySide: string;
  readonly choice: string;
  readonly machineCount: string;
  readonly handCount: string;
  readonly difference: string;
  readonly margin: string;
  readonly net: string;
  readonly gross: string;
  readonly ofUnits: (differ: string, all: string) => string;
  readonly netGrossNote: string;
  readonly counties: string;
  readonly countiesLead: (margin: string) => string;
  readonly county: string;
  readonly chooseCounty: string;
  readonly noMap: string;
  readonly marginReported: string;
  readonly marginCounted: string;
  readonly marginChange: string;
  readonly variation: string;
  readonly towards: (choice: string) => string;
  readonly unchanged: string;
  readonly notCounted: string;
  readonly largest: string;
  readonly signNote: (first: string, second: string) => string;
  readonly onThisPage: string;
  readonly byType: string;
  readonly batchType: string;
  readonly batches: string;
  readonly cards: string;
  readonly findings: string;
  readonly units: string;
  readonly fault: string;
  readonly expected: string;
  readonly found: string;
  readonly place: string;
  readonly what: string;
  readonly showAll: (n: string) => string;
  readonly sources: string;
  readonly sourcesLead: string;
  readonly source: string;
  readonly digest: string;
  readonly entry: string;
  readonly explained: string;
  readonly byChance: (n: string) => string;
  readonly claims: string;
  readonly claimsLead: string;
  readonly saidBy: (who: string, when: string) => string;
  readonly officialStatement: string;
  readonly claim: string;
  readonly summarised: string;
  readonly parts: string;
  readonly reads: string;
  readonly beyond: string;
  readonly wouldChange: string;
  readonly checkYourself: string;
  readonly checkLead: string;
  readonly origin: string;
  readonly logSize: string;
  readonly logRoot: string;
  readonly reconstructed: string;
  readonly conducted: string;
  readonly footer: string;
  readonly sortBy: (column: string) => string;
}

const en: PageWords = {
  language: 'English',
  otherLanguage: 'Español',
  skip: 'Skip to the report',
  tagline: 'Was it counted right? Check it yourself.',
  openTitle: 'Check an election’s record',
  openLead:
    'Open the record that an election office or anyone else has published: the folder, or the same folder as one zip file. This page reads every file of it and computes everything again.',
  openPrivate:
    'Everything happens on this computer. The page cannot reach the network: its own security policy forbids it.',
  openFolder: 'Open a record folder',
  openFile: 'Open a record zip',
  drop: 'or drop a folder or a zip file here',
  openAnother: 'Open another record',
  verifying: 'Checking the record…',
  refused: 'This could not be opened',
  refusals: {
    'zip-truncated': 'It is not a complete zip file. Download it again, or open the folder.',
    'no-checkpoint':
      'There is no file named “checkpoint” in it. A published record has one at its top: open the folder that holds it.',
    'zip-path': 'The zip file holds a path that leaves its folder. Do not unpack it.',
    'zip-repeated-name':
      'The zip file holds two files of the same name, so that nobody could say which of them was checked.',
    'zip-bomb': 'It is larger, or holds more files, than a record can.',
    'too-many-files': 'It holds more files than a record can.',
    'too-many-bytes': 'It is larger than a record can be.',
  },
  theRecord: 'The record',
  theElection: 'The election',
  recordLead: 'Is the record whole, in order and untampered, and does it reproduce its own figures?',
  electionLead: 'What does the record show about how the votes were counted?',
  counts: { holds: 'hold', fails: 'fail', 'cannot tell': 'cannot be told', 'does not apply': 'do not apply' },
  whichContests: 'Which contests',
  reportedOnly: (contests) => `What was reported of ${contests}`,
  sideBySide: 'The two counts side by side',
  choice: 'Choice',
  machineCount: 'Machine count',
  handCount: 'Hand count',
  difference: 'Difference',
  margin: 'Margin',
  net: 'Net difference',
  gross: 'Gross difference',
  ofUnits: (differ, all) => `${differ} of ${all} counties differ`,
  netGrossNote:
    'Net: what is left when more here and fewer there cancel out. Gross: all differences added up, county by county and choice by choice, so that nothing cancels.',
  counties: 'County by county',
  countiesLead: (margin) =>
    `How far the hand count moved the margin in each county, beside a statewide margin of ${margin} votes.`,
  county: 'County',
  chooseCounty: 'Choose a county',
  noMap: 'There is no map of this jurisdiction. The table has every figure.',
  marginReported: 'Machine margin',
  marginCounted: 'Hand margin',
  marginChange: 'Change of margin',
  variation: 'Change, % of votes',
  towards: (choice) => `towards ${choice}`,
  unchanged: 'no change',
  notCounted: 'no hand count in the record',
  largest: 'Largest changes',
  signNote: (first, second) =>
    `A plus stands for ${first}, a minus for ${second}: ahead by so many, or moved by so many.`,
  onThisPage: 'On this page',
  byType: 'The hand count by type of batch',
  batchType: 'Type of batch',
  batches: 'Batches',
  cards: 'Cards',
  findings: 'Findings',
  units: 'Where',
  fault: 'What it is',
  expected: 'Expected',
  found: 'Found',
  place: 'County',
  what: 'Name',
  showAll: (n) => `Show all ${n}`,
  sources: 'What was read',
  sourcesLead: 'The files and their SHA-256. Whoever has the same file has the same digest.',
  source: 'Source',
  digest: 'SHA-256',
  entry: 'Entry',
  explained: 'Explanation on record',
  byChance: (n) => `Chance alone would raise about ${n}.`,
  claims: 'What was said, and what the record answers',
  claimsLead:
    'The exact words, taken apart into what can be checked; each part answered by the findings above.',
  saidBy: (who, when) => `${who}, ${when}`,
  officialStatement: 'Official statement',
  claim: 'Claim',
  summarised: 'a summary of what many said',
  parts: 'Parts',
  reads: 'Checks',
  beyond: 'Beyond this record',
  wouldChange: 'What would change this answer',
  checkYourself: 'Check it on the command line',
  checkLead: 'The same checks, the same words, on your own machine:',
  origin: 'Log',
  logSize: 'Entries',
  logRoot: 'Root hash',
  reconstructed: 'Reconstructed: gathered afterwards from public files',
  conducted: 'Conducted: the acts went through the record as they were done',
  footer:
    'OpenCanvass says what the public evidence shows, and never that an election is secure. Free software, Apache-2.0.',
  sortBy: (column) => `Sort by ${column}`,
};

const es: PageWords = {
  language: 'Español',
  otherLanguage: 'English',
  skip: 'Ir al informe',
  tagline: '¿Se contó bien? Compruébelo usted.',
  openTitle: 'Compruebe el registro de una elección',
  openLead:
    'Abra el registro que publicó una oficina electoral o cualquier otra persona: la carpeta, o la misma carpeta en un archivo zip. Esta página lee todos sus archivos y vuelve a calcularlo todo.',
  openPrivate:
    'Todo ocurre en esta computadora. La página no puede usar la red: su propia política de seguridad lo prohíbe.',
  openFolder: 'Abrir la carpeta de un registro',
  openFile: 'Abrir el zip de un registro',
  drop: 'o suelte aquí una carpeta o un archivo zip',
  openAnother: 'Abrir otro registro',
  verifying: 'Comprobando el registro…',
  refused: 'No se pudo abrir',
  refusals: {
    'zip-truncated': 'No es un archivo zip completo. Descárguelo otra vez o abra la carpeta.',
    'no-checkpoint':
      'No contiene ningún archivo llamado «checkpoint». Todo registro publicado lo tiene arriba: abra la carpeta que lo contiene.',
    'zip-path': 'El archivo zip contiene una ruta que sale de su carpeta. No lo descomprima.',
    'zip-repeated-name':
      'El archivo zip contiene dos archivos con el mismo nombre; nadie podría decir cuál de los dos se comprobó.',
    'zip-bomb': 'Es más grande o contiene más archivos de lo que puede tener un registro.',
    'too-many-files': 'Contiene más archivos de los que puede tener un registro.',
    'too-many-bytes': 'Es más grande de lo que puede ser un registro.',
  },
  theRecord: 'El registro',
  theElection: 'La elección',
  recordLead: '¿Está el registro completo, en orden y sin alteraciones, y reproduce sus propias cifras?',
  electionLead: '¿Qué muestra el registro sobre cómo se contaron los votos?',
  counts: {
    holds: 'se cumplen',
    fails: 'no se cumplen',
    'cannot tell': 'no se pueden determinar',
    'does not apply': 'no corresponden',
  },
  whichContests: 'Qué contiendas',
  reportedOnly: (contests) => `Lo que se informó de ${contests}`,
  sideBySide: 'Los dos conteos, lado a lado',
  choice: 'Opción',
  machineCount: 'Conteo por máquina',
  handCount: 'Conteo a mano',
  difference: 'Diferencia',
  margin: 'Margen',
  net: 'Diferencia neta',
  gross: 'Diferencia bruta',
  ofUnits: (differ, all) => `${differ} de ${all} condados difieren`,
  netGrossNote:
    'Neta: lo que queda cuando los votos de más aquí y de menos allá se compensan. Bruta: todas las diferencias sumadas, condado por condado y opción por opción, sin compensar nada.',
  counties: 'Condado por condado',
  countiesLead: (margin) =>
    `Cuánto movió el conteo a mano el margen en cada condado, junto a un margen estatal de ${margin} votos.`,
  county: 'Condado',
  chooseCounty: 'Elija un condado',
  noMap: 'No hay mapa de esta jurisdicción. La tabla tiene todas las cifras.',
  marginReported: 'Margen por máquina',
  marginCounted: 'Margen a mano',
  marginChange: 'Cambio del margen',
  variation: 'Cambio, % de los votos',
  towards: (choice) => `hacia ${choice}`,
  unchanged: 'sin cambio',
  notCounted: 'sin conteo a mano en el registro',
  largest: 'Los cambios mayores',
  signNote: (first, second) =>
    `El signo más está por ${first} y el menos por ${second}: votos de ventaja, o votos que se movió el margen.`,
  onThisPage: 'En esta página',
  byType: 'El conteo a mano por tipo de lote',
  batchType: 'Tipo de lote',
  batches: 'Lotes',
  cards: 'Hojas',
  findings: 'Resultados',
  units: 'Dónde',
  fault: 'Qué es',
  expected: 'Se esperaba',
  found: 'Se encontró',
  place: 'Condado',
  what: 'Nombre',
  showAll: (n) => `Mostrar los ${n}`,
  sources: 'Qué se leyó',
  sourcesLead: 'Los archivos y su SHA-256. Quien tiene el mismo archivo tiene la misma huella.',
  source: 'Fuente',
  digest: 'SHA-256',
  entry: 'Asiento',
  explained: 'Explicación registrada',
  byChance: (n) => `El azar por sí solo daría unos ${n}.`,
  claims: 'Lo que se dijo y lo que responde el registro',
  claimsLead:
    'Las palabras exactas, separadas en lo que se puede comprobar; cada parte se responde con los resultados de arriba.',
  saidBy: (who, when) => `${who}, ${when}`,
  officialStatement: 'Declaración oficial',
  claim: 'Afirmación',
  summarised: 'un resumen de lo que dijeron muchos',
  parts: 'Partes',
  reads: 'Comprobaciones',
  beyond: 'Más allá de este registro',
  wouldChange: 'Qué cambiaría esta respuesta',
  checkYourself: 'Compruébelo en la línea de comandos',
  checkLead: 'Las mismas comprobaciones, con las mismas palabras, en su propia máquina:',
  origin: 'Bitácora',
  logSize: 'Asientos',
  logRoot: 'Huella raíz',
  reconstructed: 'Reconstruido: reunido después a partir de archivos públicos',
  conducted: 'Llevado en su momento: los actos pasaron por el registro al hacerse',
  footer:
    'OpenCanvass dice lo que muestra la evidencia pública, y nunca que una elección es segura. Software libre, Apache-2.0.',
  sortBy: (column) => `Ordenar por ${column}`,
};

export const pageWords = { en, es } as const;

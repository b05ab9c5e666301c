// The words of the counties’ pages, in Spanish.
import type { countyEnglish } from './county.english.ts';

export const countySpanish: Readonly<Record<keyof typeof countyEnglish, string>> = {
  'nav.county': 'Mi condado',
  'nav.files': 'Archivos y sello',
  'nav.boards': 'Mesas y papeles',
  'nav.discrepancies': 'Diferencias',
  'county.title': '{county}: lo que hay que hacer',
  'county.lead': 'En este orden. Lo que toca ahora está marcado.',
  'county.done': 'hecho',
  'county.now': 'por hacer ahora',
  'county.later': 'más tarde',
  'county.do.key': 'Crear una clave de firma y hacerla inscribir en el registro',
  'county.do.files': 'Entregar los archivos, mirar lo que se encuentra y sellarlos',
  'county.do.boards': 'Crear las mesas de auditoría e imprimir sus papeles',
  'county.do.read': 'Las mesas leen el papel',
  'county.do.discrepancies': 'Investigar lo que difiere y decir por qué',
  'county.do.handCount': 'Contar todo a mano e informarlo',
  'county.sealedAs': 'Sellado: {batches} lotes, {size} boletas o hojas.',

  'files.title': 'Archivos y sello',
  'files.lead':
    'Lo que exportaron las máquinas, tal como está. Se compara entre sí y con los resultados informados antes de sellarlo.',
  'files.closed': 'La semilla está sorteada: los archivos sellados ya no cambian.',
  'files.manifest': 'Manifiesto de boletas',
  'files.manifestHint': 'Un CSV con los lotes y cuántas boletas tiene cada uno.',
  'files.cvrs': 'Registros de votos emitidos',
  'files.cvrsHint':
    'Para una comparación de hojas. Dominion, ES&S, Hart, Clear Ballot o NIST, tal como se exportan; varios archivos en un zip.',
  'files.totals': 'Totales por lote: {contest}',
  'files.another': 'Totales por lote de otra contienda',
  'files.anotherPick': 'Elija la contienda',
  'files.totalsHint': 'Para una comparación de lotes. Un CSV con los votos de cada opción en cada lote.',
  'files.give': 'El archivo',
  'files.replace': 'Otro archivo en su lugar',
  'files.rows': '{rows} {rows|fila leída|filas leídas}, {kb} kB',
  'files.refusedRows': '{n} {n|fila|filas} sin poder usarse.',
  'files.sealed': 'sellado',
  'files.notSealed': 'aún sin sellar',
  'files.reading': 'Leyendo el archivo…',
  'files.remarks': '{n} {n|observación|observaciones} sobre el archivo',
  'files.findings': 'Lo que se encontró',
  'files.noFindings': 'Los archivos concuerdan entre sí y con los resultados informados.',
  'files.stop': '{n} {n|cosa impide|cosas impiden} sellar',
  'files.look': '{n} {n|cosa|cosas} que conviene saber antes de sellar',
  'files.more': 'Y {n} más como estas.',
  'files.seal': 'Sellar estos archivos',
  'files.sealMeans':
    'Su sello pone el resumen de cada archivo en el registro público, con su propia firma. Entonces pueden lanzarse los dados: después nadie puede cambiar los archivos.',
  'files.isSealed':
    'Estos archivos están sellados. Hasta que se sortee la semilla puede entregar otros, con un motivo.',
  'files.sealAgain': 'Sellar de nuevo, con otros archivos',
  'files.sealAgainMeans':
    'El sello vigente se sustituye por uno nuevo que lo nombra. Ambos quedan en el registro, con su motivo.',
  'files.reason': 'Por qué se sustituyen los archivos',
  'finding.no-manifest': 'Aún no hay manifiesto de boletas. Entregue el manifiesto del condado.',
  'finding.batch-repeated':
    'El manifiesto tiene dos veces el lote {batch}; la segunda, en la línea {line}. Dé a cada recipiente de papel un nombre propio.',
  'finding.batch-name-repeated':
    'Dos lotes se llaman {batch}; el segundo está en la línea {line}. Los totales por lote van solo por este nombre: dé a los lotes nombres propios en los dos archivos.',
  'finding.batch-not-in-manifest':
    'El lote {batch} está en los totales de {contest}, pero no en el manifiesto. Añádalo al manifiesto, o corrija su nombre en uno de los dos archivos.',
  'finding.more-votes-than-ballots':
    'El lote {batch} tiene {votes} {votes|voto|votos} en {contest}; en su papel caben {most} como máximo. Cuente el papel de este lote, o busque los totales de dos lotes bajo un mismo nombre.',
  'finding.batch-without-totals':
    'El lote {batch} del manifiesto no tiene totales en {contest}. Expórtelos; si la contienda no está en ninguna de sus boletas, con 0 para cada opción.',
  'finding.totals-differ-from-results':
    '{contest}: los totales por lote no son el resultado informado. Informado: {reported}. En los totales por lote: {found}. Exporte ambos de nuevo del mismo estado final del sistema.',
  'finding.totals-without-results':
    '{contest}: los totales por lote tienen {votes} {votes|voto|votos}, y este condado no informó ningún resultado. Vea si el archivo de resultados está completo.',
  'finding.records-not-in-manifest':
    'El lote {batch} tiene {records} {records|registro|registros}, pero no está en el manifiesto. Añádalo al manifiesto, o corrija su tabuladora o su nombre en uno de los dos archivos.',
  'finding.more-records-than-cards':
    'El lote {batch} tiene {records} registros; el manifiesto le da {cards} {cards|hoja|hojas}. Cuente de nuevo su papel: cada registro necesita una hoja.',
  'finding.record-number':
    'Un registro del lote {batch} lleva el número {number}; el manifiesto da al lote {cards} {cards|hoja|hojas}. Exporte los registros con los números de sus hojas en el lote, o cuente de nuevo el papel.',
  'finding.cards-without-record':
    'El lote {batch} tiene {cards} {cards|hoja|hojas} y solo {records} {records|registro|registros}. Cada hoja sin registro cuenta contra el resultado si sale sorteada; averigüe por qué.',
  'finding.contest-without-records':
    '{contest}: el condado informó un resultado, pero los registros no contienen esta contienda. Nómbrela igual en las dos exportaciones, o no se podrá auditar hoja por hoja.',
  'finding.records-differ-from-results':
    '{contest}: los registros de votos emitidos no suman el resultado informado. Informado: {reported}. En los registros: {found}. Exporte ambos de nuevo del mismo estado final del sistema.',
  'finding.records-without-results':
    '{contest}: los registros de votos emitidos tienen {votes} {votes|voto|votos}, y este condado no informó ningún resultado. Vea si el archivo de resultados está completo.',

  'boards.title': 'Mesas y papeles',
  'boards.lead': 'Una mesa son dos personas de dos partidos. No necesita cuenta: su código está en un papel.',
  'boards.all': 'Las mesas del condado',
  'boards.none': 'Aún ninguna.',
  'boards.new': 'Una mesa nueva',
  'boards.name': 'Nombre de la mesa',
  'boards.nameHint': 'Como está en la mesa: «Mesa 1».',
  'boards.create': 'Crear la mesa',
  'boards.made': 'El código de {board}',
  'boards.once': 'Se muestra solo esta vez. Imprima ahora su papel o anótelo para las dos personas.',
  'boards.print': 'Imprimir el papel de la mesa',
  'papers.title': 'Papeles para imprimir',
  'papers.none': 'No hay nada que imprimir antes de sacar una muestra.',
  'papers.round': 'De qué ronda',
  'papers.allRounds': 'todas las rondas',
  'papers.roundN': 'lo que sacó primero la ronda {n}',
  'papers.retrieval-list': 'Lista de recuperación',
  'papers.placeholders': 'Hojas de sustitución',
  'papers.labels': 'Etiquetas',
  'papers.tally-sheets': 'Hojas de conteo',
  'papers.hand-count-sheets': 'Hojas del conteo a mano: {contest}',

  'differ.title': 'Dónde difieren papel y máquina',
  'differ.lead':
    'Lo que escriba queda en el registro público junto a la diferencia. La explica y nunca la oculta.',
  'differ.notYet': 'Aún no se ha evaluado ninguna ronda. Antes nadie ve lo que dijeron las máquinas.',
  'differ.none': 'Nada de lo leído aquí difiere.',
  'differ.margin': 'El margen de la contienda es de {n} {n|voto|votos}.',
  'differ.open': 'sin explicar',
  'differ.explained': 'explicada',
  'differ.votes': '{n} {n|voto|votos}',
  'differ.for the reported outcome': 'a favor del resultado informado',
  'differ.against the reported outcome': 'en contra del resultado informado',
  'differ.neither': 'en ninguna dirección',
  'differ.both': 'Papel y máquina: {unit}',
  'differ.paper': 'papel',
  'differ.machine': 'máquina',
  'differ.note': 'Investigado por {by}',
  'differ.write': 'Anotar lo que encontró',
  'differ.reason': 'Por qué difieren',
  'differ.words': 'En palabras, para el registro público',
  'differ.explain': 'Registrar esta explicación',
  'differ.investigate': 'Registrar solo una nota',
  'differ.history': 'Todo lo que se leyó aquí',
  'differ.read': 'leído por',
  'differ.corrected': 'corregido por',
  'anew.title': 'Corregir una lectura: {contest}',
  'anew.lead':
    'Hasta que se evalúe la ronda, dos personas pueden tomar otra vez el papel y leerlo de nuevo. La lectura anterior queda en el registro junto a la nueva.',
  'anew.leadWitnessed':
    'Después de la evaluación todos saben lo que dijo la máquina. Por eso corrige el estado: dos personas de dos partidos leen otra vez el papel ante testigos, usted firma, y la ronda se evalúa de nuevo.',
  'anew.unit': 'Qué se lee de nuevo',
  'anew.pick': 'Elija un lote o una hoja',
  'anew.notRead': 'Aún no se ha leído: lo lee una mesa.',
  'anew.reading': 'Lo que dice el papel',
  'anew.by': 'Quiénes lo leyeron',
  'anew.both': 'Los dos tuvieron el papel en las manos y confirman lo que está aquí.',
  'anew.tell': 'Registrar la corrección',
  'anew.done': 'La corrección está en el registro.',
  'anew.sign': 'Firmar la corrección',
  'anew.meaning':
    'La lectura queda como la encontraron estas dos personas. Lo que se evaluó con la anterior ya no cuenta, y la ronda se evalúa de nuevo.',
  'anew.doneWitnessed':
    'La corrección está en el registro. Lo evaluado ya no vale: la ronda se debe evaluar de nuevo.',
  'whyDiffer.voter mark the machine read otherwise': 'La máquina leyó la marca de otro modo',
  'whyDiffer.ballot counted twice or not scanned': 'Una boleta se escaneó dos veces o ninguna',
  'whyDiffer.ballots in another batch': 'Hay boletas en otro lote',
  'whyDiffer.duplicated or adjudicated ballot': 'Una boleta fue duplicada o adjudicada',
  'whyDiffer.tallied wrongly by hand': 'Se contó mal a mano',
  'whyDiffer.machine or its settings': 'La máquina o su configuración',
  'whyDiffer.card not found': 'No se encontró la hoja',
  'whyDiffer.not known': 'No se sabe',

  'handCount.title': 'Conteo completo a mano',
  'handCount.lead':
    'Las mesas cuentan cada lote del manifiesto. Cuando estén todos, el condado informa su conteo.',
  'handCount.none': 'No se ha ordenado ningún conteo completo a mano.',
  'handCount.report': 'Informar el conteo del condado',
  'handCount.reported': 'El conteo del condado está en el registro.',
  'handCount.correct': 'Corregir el conteo informado',
  'handCount.correctLead':
    'El informe queda en el registro; a su lado se da de nuevo el conteo entero, con el motivo, y la contienda se evalúa otra vez. Hasta que se firme el certificado.',
  'handCount.correctFrom': 'Lo que vale ahora',
  'handCount.fromBatches': 'Algunos lotes, corregidos aquí',
  'handCount.fromBoards': 'Todos los lotes como están ahora en las entradas de las mesas',
  'handCount.correctDouble':
    'En esta contienda los lotes se anotan dos veces: las mesas corrigen primero sus entradas, y el conteo sale de ellas.',
  'handCount.whichBatch': 'Lote que se corrige',
  'handCount.pickBatch': 'Elija un lote',
  'handCount.why': 'Qué estaba mal',
  'handCount.signCorrection': 'Firmar la corrección',
  'handCount.correctionMeaning':
    'El conteo del condado queda como usted lo corrigió. Lo que se evaluó con el anterior ya no cuenta, y el estado evalúa la contienda otra vez.',
  'handCount.batches': 'Lotes del manifiesto: {contest}',
  'handCount.batch': 'Lote',
  'handCount.size': 'Boletas',
  'handCount.standing': 'Estado',
};
